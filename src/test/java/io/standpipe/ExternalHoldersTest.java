// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Ends that are held outside of what is saved are found by looking who holds the pipe. */
@ExtendWith(DescriptorLeakCheck.class)
class ExternalHoldersTest {

    private static final Image.ExternalEnds NOBODY = new Image.ExternalEnds(true, false, false);
    private static final Image.ExternalEnds WRITER = new Image.ExternalEnds(true, false, true);

    @TempDir
    Path folder;

    @Test
    void pipeWithoutExternalHolderPassesStrictly() throws IOException {
        Host.assumeRoot(); // Others cannot look at all processes, and strict is refused.
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(NOBODY, outside(Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).strict()));
        }
    }

    @Test
    void unsavedDescriptorOfThisProcessIsExternalHolder() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd more = FdCalls.duplicate(pipe.writeFd())) {
            assertFalse(more.number() == pipe.writeFd());
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).lookingForOthers();
            assertEquals(WRITER, outside(checkpoint));
        }
    }

    @Test
    void strictCheckpointNamesExternalHolderAndWritesNothing() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            StandpipeException e = assertThrows(
                    StandpipeException.class, () -> outside(Checkpoint.ofDescriptors(pipe.readFd()).strict()));
            assertEquals(
                    "pipe " + Files.getAttribute(Path.of("/proc/self/fd/" + pipe.readFd()), "unix:ino")
                            + ": the write end is held by process " + ProcessHandle.current().pid() + ", descriptor "
                            + pipe.writeFd() + ", which is not to be saved (--strict)",
                    e.getMessage());
            assertFalse(Files.exists(folder.resolve("pipe.ckpt")));
        }
    }

    private Image.ExternalEnds outside(Checkpoint checkpoint) throws IOException {
        Path image = folder.resolve("pipe.ckpt");
        checkpoint.writeTo(image);
        return Restore.from(image).check().pipes().values().iterator().next().external();
    }
}
