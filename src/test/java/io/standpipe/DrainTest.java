// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@link Drain} in the library. */
@ExtendWith(DescriptorLeakCheck.class)
class DrainTest {

    @TempDir
    Path directory;

    @Test
    void reportCountsWhatWasTakenAndNoFlagOfTheReaderChanges() throws Exception {
        byte[] bytes = RandomBytes.of(5000);
        try (TestProcess reader = TestProcess.holding(bytes); TestPipe output = TestPipe.open()) {
            LivePipe before = LivePipes.find().of(reader.pid()).get(0);
            ReaderRunsException e = assertThrows(
                    ReaderRunsException.class, () -> Drain.of(reader.pid(), 0).to(output.writeFd()));
            assertEquals(OptionalLong.of(reader.pid()), e.pid());
            DrainReport report = Drain.of(reader.pid(), 0).besideReaders().to(output.writeFd());
            assertEquals(new DrainReport("pipe " + before.ino(), 5000, 0, false, List.of()), report);
            assertArrayEquals(bytes, PipeIo.readAtMost(output.readFd(), 6000));
            LivePipe after = LivePipes.find().of(reader.pid()).get(0);
            assertEquals(before.holders().get(0).flags(), after.holders().get(0).flags());
        }
    }

    @Test
    void endOfThePipeIsReported() throws Exception {
        Path file = directory.resolve("rest");
        try (TestProcess shell = TestProcess.shellWithoutPipes("echo last | { sh -c 'kill -STOP $$; sleep 1000'; }")) {
            int reader = stopped(shell);
            Await.until("the writer has ended", () -> LivePipes.find().of(reader).get(0).writerless());
            DrainReport report = Drain.of(ProcessHandle.of(reader).orElseThrow(), 0).following().to(file);
            assertEquals(5, report.takenBytes());
            assertTrue(report.atEnd());
            assertEquals("last\n", Files.readString(file));
        }
    }

    @Test
    void followedDrainEndsAtItsTimeoutOrWithAnInterrupt() throws Exception {
        try (PipeHolder holder = PipeHolder.of("-", "5", "in flight")) {
            Drain drain = Drain.of(holder.pid(), 5).following().timeout(Duration.ofMillis(50));
            DrainReport report = drain.to(directory.resolve("rest"));
            assertEquals(9, report.takenBytes());
            assertTrue(report.notes().contains("the timeout or an interrupt ended the wait: nothing more is taken"), report::toString);
            Thread.currentThread().interrupt();
            DrainReport none = Drain.of(holder.pid(), 5).following().to(directory.resolve("none"));
            assertTrue(Thread.interrupted());
            assertEquals(0, none.takenBytes());
        }
    }

    @Test
    void followedDrainIsStopped() throws Exception {
        Path file = directory.resolve("rest");
        try (PipeHolder holder = PipeHolder.of("-", "5", "in flight")) {
            Drain drain = Drain.of(holder.pid(), 5).following();
            CompletableFuture<DrainReport> report = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    report.complete(drain.to(file));
                } catch (StandpipeException e) {
                    report.completeExceptionally(e);
                }
            });
            thread.start();
            Await.until("the bytes are taken", () -> Files.size(file) == "in flight".length());
            assertFalse(report.isDone());
            drain.stop();
            assertEquals(9, report.get(60, TimeUnit.SECONDS).takenBytes());
            assertFalse(report.get().atEnd());
            thread.join();
        }
    }

    @Test
    void emptyPipeGivesNothing() throws Exception {
        try (PipeHolder holder = PipeHolder.of("-", "5", ""); TestPipe output = TestPipe.open()) {
            assertEquals(0, Drain.of(holder.pid(), 5).to(output.writeFd()).takenBytes());
        }
    }

    @Test
    void pipeIsNotDrainedIntoItself() throws Exception {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(100))) {
            Process reader = new ProcessBuilder("sleep", "1000")
                    .redirectInput(Path.of("/proc/self/fd/" + pipe.readFd()).toFile()).start();
            try {
                IllegalArgumentException e = assertThrows(
                        IllegalArgumentException.class,
                        () -> Drain.of(reader, 0).besideReaders().to(pipe.writeFd()));
                assertTrue(e.getMessage().contains("is the pipe that is to be drained"), e.getMessage());
                assertEquals(100, PipeIo.readAtMost(pipe.readFd(), 1000).length);
            } finally {
                reader.destroyForcibly().onExit().join();
            }
        }
    }

    private static int stopped(TestProcess shell) {
        int[] pid = new int[1];
        Await.until("the reader is stopped", () -> {
            for (ProcessHandle handle : ProcessHandle.of(shell.pid()).orElseThrow().descendants().toList()) {
                pid[0] = TestProcess.state((int) handle.pid()) == 'T' ? (int) handle.pid() : pid[0];
            }
            return pid[0] != 0;
        });
        return pid[0];
    }
}
