// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes that wait for the other end of a FIFO, or have it open, while it is restored. */
@ExtendWith(DescriptorLeakCheck.class)
class FifoBystandersTest {

    private static final byte[] CONTENT = {'i', 'n', ' ', 'f', 'l', 'i', 'g', 'h', 't'};

    @TempDir
    Path folder;

    private Path fifo;
    private Path image;

    @BeforeEach
    void makeFifo() throws IOException {
        fifo = folder.toRealPath().resolve("fifo");
        image = folder.resolve("fifo.ckpt");
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, PathCalls.bytes(fifo.toString()), 0600);
    }

    @Test
    void writerThatWaitsForAReaderIsNotLetThroughByARestoreWithoutOne() throws Exception {
        saveWriter();
        assertRefusedAndStillWaiting("exec 5>" + fifo, "waits in open until it has a reader, and none is restored");
        assertRefusedAndStillWaiting("cd " + folder + "; exec 5>./fifo", "waits in open until it has a reader");
    }

    @Test
    void readerThatWaitsForAWriterIsNotLetThroughByContents() throws Exception {
        try (Fd reader = open(Flags.O_RDONLY)) {
            try (Fd writer = open(Flags.O_WRONLY)) {
                PipeIo.write(writer.number(), CONTENT);
            }
            Checkpoint.ofDescriptors(reader.number()).writeTo(image);
        }
        assertRefusedAndStillWaiting("exec 5<" + fifo, "waits in open until it has a writer, and none is restored");
    }

    @Test
    void readerThatWaitsForAWriterStaysBesideOneThatHasMetNone() throws Exception {
        int number;
        try (Fd reader = open(Flags.O_RDONLY)) {
            number = reader.number();
            Checkpoint.ofDescriptors(number).writeTo(image);
        }
        try (TestProcess waiting = TestProcess.shell("exec 5<" + fifo + "; exec sleep 1000")) {
            awaitOpening(waiting);
            try (RestoredPipes pipes = restore().open()) {
                assertEquals(List.of(), pipes.deviations());
            }
            awaitOpening(waiting);
        }
    }

    @Test
    void writerThatWaitsIsLetThroughByARestoredReader() throws Exception {
        int number;
        try (Fd reader = open(Flags.O_RDONLY)) {
            number = reader.number();
            Checkpoint.ofDescriptors(number).writeTo(image);
        }
        // What it writes before the FIFO was looked at would be taken for contents.
        Path go = fifo.resolveSibling("go");
        String wait = "until [ -e " + go + " ]; do sleep 0.01; done; ";
        try (TestProcess waiting = TestProcess.shell("exec 5>" + fifo + "; " + wait + "printf 'in flight' >&5; exec sleep 1000")) {
            awaitOpening(waiting);
            try (RestoredPipes pipes = restore().open()) {
                Files.createFile(go);
                waiting.awaitBecome("sleep");
                assertArrayEquals(CONTENT, PipeIo.readAll(pipes.descriptor(number).number()));
            }
        }
    }

    @Test
    void otherWriterThatSawTheMomentaryReaderIsReported() throws Exception {
        int number = saveWriter();
        Fd reader = open(Flags.O_RDONLY);
        try (TestProcess holder = TestProcess.shell("exec 5>" + fifo + "; exec sleep 1000").awaitBecome("sleep")) {
            reader.close();
            try (RestoredPipes pipes = restore().open()) {
                assertTrue(pipes.numbers().contains(number));
                assertEquals(1, pipes.deviations().size());
                assertTrue(
                        pipes.deviations().get(0).contains("had a reader for a moment, though it has none now")
                                && pipes.deviations().get(0).endsWith("process " + holder.pid() + ", descriptor 5"),
                        pipes.deviations().get(0));
            }
        }
    }

    @Test
    void processWithoutCommandIsNoReaderForAMoment() throws Exception {
        TestProcess reader = TestProcess.shellWithoutPipes("exec sleep 1000 5<>" + fifo).awaitBecome("sleep");
        try (TestProcess writer = TestProcess.shellWithoutPipes("exec sleep 1000 5>" + fifo).awaitBecome("sleep")) {
            Checkpoint.ofProcesses(reader.pid(), writer.pid()).writeTo(image);
            reader.close();
            try (TestProcess waiting = TestProcess.shell("exec 5>" + fifo)) {
                awaitOpening(waiting);
                StandpipeException e = assertThrows(
                        StandpipeException.class, () -> restore().start(Map.of((long) writer.pid(), List.of("true"))));
                assertTrue(e.getMessage().contains("process " + waiting.pid() + " waits in open"), e.getMessage());
                awaitOpening(waiting);
            }
        }
    }

    /** Saves a write end without a reader, with bytes in flight. */
    private int saveWriter() throws IOException {
        Fd reader = open(Flags.O_RDONLY);
        try (Fd writer = open(Flags.O_WRONLY)) {
            reader.close();
            Checkpoint.ofDescriptors(writer.number()).writeTo(image);
            return writer.number();
        }
    }

    private void assertRefusedAndStillWaiting(String opening, String reason) throws Exception {
        try (TestProcess waiting = TestProcess.shell(opening + "; exec sleep 1000")) {
            awaitOpening(waiting);
            StandpipeException e = assertThrows(StandpipeException.class, restore()::open);
            assertTrue(e.getMessage().contains("process " + waiting.pid() + " " + reason), e.getMessage());
            awaitOpening(waiting);
        }
    }

    private static void awaitOpening(TestProcess process) {
        Await.until(process.pid() + " waits in open", () -> isOpening(process));
    }

    private static boolean isOpening(TestProcess process) throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/wchan")).equals("wait_for_partner");
    }

    private Restore restore() {
        return Restore.from(image).fifosBelow(fifo.getParent());
    }

    private Fd open(int flags) throws IOException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, fifo.toString(), flags | Flags.O_NONBLOCK, 0);
    }
}
