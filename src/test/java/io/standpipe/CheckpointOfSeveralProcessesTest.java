// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Several processes in one image: a pipe between two of them is saved once, and is one pipe again. */
@ExtendWith(DescriptorLeakCheck.class)
class CheckpointOfSeveralProcessesTest {

    private static final byte[] HELLO = "hello\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @Test
    void pipeBetweenTwoProcessesIsSavedOnce() throws IOException {
        try (TestProcess shell = TestProcess.shellWithoutPipes("{ echo hello; exec tail -f /dev/null; } | exec sleep 1000")) {
            int writer = shell.awaitDescendant("tail");
            int reader = shell.awaitDescendant("sleep");
            TestProcess.awaitQueued(reader, 0, HELLO.length);
            Path image = folder.resolve("two.ckpt");
            CheckpointReport report = Checkpoint.ofProcesses(writer, reader).writeTo(image);
            assertEquals(List.of((long) writer, (long) reader), report.pids());
            assertEquals(List.of(2, 1), List.of(report.descriptors(), report.pipes()));
            assertEquals(2, Restore.from(image).check().processes().size());
            shell.kill();
            try (RestoredProcesses restored = Restore.from(image).openAll()) {
                assertEquals(Set.of((long) writer, (long) reader), restored.pids());
                assertEquals(Set.of(1), restored.process(writer).numbers());
                int read = restored.process(reader).descriptor(0).number();
                int write = restored.process(writer).descriptor(1).number();
                PipeIo.write(write, new byte[] {1});
                assertEquals(HELLO.length + 1, Pipes.queuedBytes(read));
                restored.process(writer).close();
                assertArrayEquals(HELLO, Arrays.copyOf(PipeIo.readAll(read), HELLO.length));
                assertTrue(PipeIo.isAtEnd(read));
            }
        }
    }

    @Test
    void openOfOneProcessIsRefusedForSeveral() throws IOException {
        try (TestProcess one = TestProcess.shell("exec sleep 1000").awaitBecome("sleep");
                TestProcess other = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            Path image = folder.resolve("two.ckpt");
            Checkpoint.ofProcesses(one.pid(), other.pid(), one.pid()).writeTo(image);
            List<Image.Process> processes = Restore.from(image).check().processes();
            assertEquals(List.of((long) one.pid(), (long) other.pid()), processes.stream().map(p -> p.pid()).toList());
            ImageRefusedException e = assertThrows(ImageRefusedException.class, () -> Restore.from(image).open());
            assertTrue(e.getMessage().contains("holds 2 processes, expected 1"), e.getMessage());
        }
    }

    @Test
    void emptyListOfProcessesIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.ofProcesses(new long[0]));
    }
}
