// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.TestProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class LiveEndsTest {

    private static final byte[] LINE = "a line\n".getBytes(StandardCharsets.US_ASCII);

    @BeforeEach
    void otherProcessesCanBeSaved() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    @Test
    void heldPipeOutlivesItsReader() throws Exception {
        // The JDK would close the pipes of its own child that ends: cat has one that the shell made.
        try (TestProcess pipeline = TestProcess.shell("cat | sleep 1000")) {
            int reader = pipeline.awaitDescendant("sleep");
            pipeline.feed(LINE);
            TestProcess.awaitQueued(reader, 0, LINE.length);
            try (LiveEnds ends = LiveEnds.ofProcess(reader, 0)) {
                assertEquals(Set.of(0), ends.numbers());
                ProcessHandle.of(reader).orElseThrow().destroyForcibly();
                Await.until("it has ended", () -> ProcessHandle.of(reader).isEmpty() || TestProcess.state(reader) == 'Z');
                pipeline.feed(LINE);
                Await.until("both lines are there", () -> Pipes.queuedBytes(ends.descriptor(0).number()) == 2 * LINE.length);
                assertEquals("a line\na line\n", text(PipeIo.readAtMost(ends.descriptor(0).number(), 1000)));
                assertThrows(IllegalArgumentException.class, () -> ends.descriptor(3));
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @Test
    void holderIsVisibleAndHasTheEndsAtTheirNumbers() throws Exception {
        try (TestProcess reader = TestProcess.holding(LINE)) {
            ProcessHandle holder = hold(reader, Duration.ofMinutes(5));
            Path proc = Path.of("/proc/" + holder.pid());
            assertEquals("standpipe-hold\n", Files.readString(proc.resolve("comm")));
            assertTrue(Files.readString(proc.resolve("cmdline")).startsWith(
                    "standpipe-hold\0ends of process " + reader.pid() + " (sleep), descriptors [0, 1, 2], until "));
            assertFalse(holder.parent().equals(Optional.of(ProcessHandle.current())), "nobody has to wait for its end");
            for (int fd = 0; fd < 3; fd++) {
                assertEquals(
                        Files.readSymbolicLink(Path.of("/proc/" + reader.pid() + "/fd/" + fd)),
                        Files.readSymbolicLink(proc.resolve("fd/" + fd)));
            }
            reader.killAlone();
            assertEquals("a line\n", peek(holder.pid()));
            holder.destroy();
            Await.until("it has ended", () -> !holder.isAlive());
        }
    }

    private static String peek(long pid) throws Exception {
        try (Snapshot snapshot = Checkpoint.ofProcess(pid, 0).snapshot(); Payload payload = Restore.from(snapshot).payload()) {
            return text(payload.readAllBytes());
        }
    }

    private static ProcessHandle hold(TestProcess process, Duration time) throws StandpipeException {
        try (LiveEnds ends = LiveEnds.ofProcess(process.pid())) {
            return ends.hold(time);
        }
    }

    @Test
    void holderEndsByItself() throws Exception {
        try (TestProcess reader = TestProcess.holding(LINE)) {
            ProcessHandle holder = hold(reader, Duration.ofSeconds(1));
            assertTrue(holder.isAlive());
            Await.until("its time is over", () -> !holder.isAlive());
            assertEquals('S', reader.state());
        }
    }

    /** The kernel's clock is read in seconds: the one that has begun ends soon. */
    @Test
    void secondThatIsNearlyOverIsNotCounted() throws Exception {
        try (TestProcess reader = TestProcess.holding(LINE)) {
            for (int round = 0; round < 3; round++) {
                Await.until("a second is nearly over", () -> Files.readString(Path.of("/proc/uptime")).matches("(?s)\\d+\\.9[5-9] .*"));
                ProcessHandle holder = hold(reader, Duration.ofSeconds(1));
                assertTrue(holder.isAlive());
                Await.until("its time is over", () -> !holder.isAlive());
            }
        }
    }

    @Test
    void holderWantsNoMemory() throws Exception {
        try (TestProcess reader = TestProcess.holding(LINE)) {
            ProcessHandle holder = hold(reader, Duration.ofMinutes(5));
            String resident = Files.readAllLines(Path.of("/proc/" + holder.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow().replaceAll("\\D", "");
            assertTrue(Integer.parseInt(resident) < 1000, resident + " KiB");
            holder.destroy();
            Await.until("it has ended", () -> !holder.isAlive());
        }
    }
}
