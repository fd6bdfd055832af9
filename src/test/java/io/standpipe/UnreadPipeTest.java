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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint of a FIFO that has a writer and no reader is no reader to anybody else. */
@ExtendWith(DescriptorLeakCheck.class)
class UnreadPipeTest {

    private static final byte[] LEFT = "left\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    /** It would go on, and die of SIGPIPE when it writes. */
    @Test
    void processWaitingInOpenGoesOnWaiting() throws IOException {
        Path fifo = makeFifo();
        try (TestProcess writer = writer(fifo, false); TestProcess waiting = waitingFor(fifo)) {
            for (int i = 0; i < 20; i++) {
                Checkpoint.ofProcess(writer.pid(), 5).writeTo(directory.resolve("a.ckpt"));
                Checkpoint.ofProcess(writer.pid(), 5).freezing(Freeze.NONE).writeTo(directory.resolve("a.ckpt"));
            }
            assertTrue(isWaiting(waiting));
        }
    }

    @Test
    void pipeWithBytesIsRefusedWhileAProcessWaitsInOpen() throws IOException {
        Path fifo = makeFifo();
        try (TestProcess writer = writer(fifo, true); TestProcess waiting = waitingFor(fifo)) {
            StandpipeException e = assertThrows(StandpipeException.class,
                    () -> Checkpoint.ofProcess(writer.pid(), 5).writeTo(directory.resolve("a.ckpt")));
            assertTrue(e.getMessage().contains("process " + waiting.pid() + ", which waits in open()"), e.getMessage());
            assertTrue(isWaiting(waiting));
        }
    }

    @Test
    void bytesThatNobodyCanReadAreSaved() throws IOException {
        Path fifo = makeFifo();
        try (TestProcess writer = writer(fifo, true)) {
            Checkpoint.ofProcess(writer.pid(), 5).writeTo(directory.resolve("a.ckpt"));
            assertEquals(LEFT.length, Restore.from(directory.resolve("a.ckpt")).check().pipes().values().iterator().next().payloadBytes());
            try (Fd reader = FileCalls.open(
                    FileCalls.CURRENT_DIRECTORY, fifo.toString(), Flags.O_RDONLY | Flags.O_NONBLOCK, 0)) {
                assertArrayEquals(LEFT, PipeIo.readAtMost(reader.number(), 100));
            }
        }
    }

    private Path makeFifo() throws IOException {
        Path fifo = directory.resolve("pipe.fifo");
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, fifo.toString().getBytes(StandardCharsets.UTF_8), 0600);
        return fifo;
    }

    /** A process whose fd 5 is the only one of the FIFO; with bytes in it, or without. */
    private static TestProcess writer(Path fifo, boolean writing) throws IOException {
        String write = writing ? "echo left >&5; " : "";
        return TestProcess.shell("exec 6<>" + fifo + " 5>" + fifo + "; " + write + "exec 6<&-; exec sleep 1000").awaitBecome("sleep");
    }

    private static TestProcess waitingFor(Path fifo) throws IOException {
        TestProcess waiting = TestProcess.shell("exec 6>" + fifo + "; exec sleep 1000");
        Await.until("it waits in open", () -> isWaiting(waiting));
        return waiting;
    }

    private static boolean isWaiting(TestProcess process) throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/wchan")).equals("wait_for_partner");
    }
}
