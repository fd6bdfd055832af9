// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.format.PipeStateRecord;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Ends that are held outside of what is saved are found by looking who holds the pipe. */
@ExtendWith(DescriptorLeakCheck.class)
class OthersTest {

    private static final int LOOKED_FOR = PipeStateRecord.OUTSIDE_LOOKED_FOR;

    @TempDir
    Path folder;

    @Test
    void pipeThatNobodyElseHoldsPassesStrictly() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(LOOKED_FOR, outside(Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).strict()));
        }
    }

    @Test
    void oneMoreDescriptorOfThisProcessIsFoundThoughBothEndsAreSaved() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                Fd more = FdCalls.duplicate(pipe.writeFd())) {
            assertFalse(more.number() == pipe.writeFd());
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).lookingForOthers();
            assertEquals(LOOKED_FOR | PipeStateRecord.OUTSIDE_WRITE_END, outside(checkpoint));
        }
    }

    @Test
    void strictCheckpointNamesWhoHoldsWhichEndAndWritesNothing() throws IOException {
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

    private int outside(Checkpoint checkpoint) throws IOException {
        Path image = folder.resolve("pipe.ckpt");
        checkpoint.writeTo(image);
        return Restore.from(image).check().pipes().get(0).state().outside();
    }
}
