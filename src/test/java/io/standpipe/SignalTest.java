// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.SignalOwner;
import io.standpipe.internal.sys.Stat;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who gets which signal of a description is as before. */
@ExtendWith(DescriptorLeakCheck.class)
class SignalTest {

    private static final int OWN_PID = (int) ProcessHandle.current().pid();
    private static final int SIGURG = 23;

    @TempDir
    Path folder;

    @Test
    void ownerAndSignalAreRestoredWithoutOAsync() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            int group = ProcessStatus.of(OWN_PID).processGroup();
            FdCalls.setSignalOwner(pipe.readFd(), new SignalOwner(SignalOwner.GROUP, group));
            FdCalls.setSignalOwner(pipe.writeFd(), new SignalOwner(SignalOwner.THREAD, OWN_PID));
            FdCalls.setSignal(pipe.writeFd(), SIGURG);
            save(pipe);
            try (RestoredPipes twin = restore().open()) {
                int r = twin.descriptor(pipe.readFd()).number();
                int w = twin.descriptor(pipe.writeFd()).number();
                assertEquals(new SignalOwner(SignalOwner.GROUP, group), FdCalls.signalOwner(r));
                assertEquals(new SignalOwner(SignalOwner.THREAD, OWN_PID), FdCalls.signalOwner(w));
                assertEquals(0, FdCalls.signal(r));
                assertEquals(SIGURG, FdCalls.signal(w));
            }
        }
    }

    @Test
    void ownerOutsideOfImageIsRefusedUnlessBestEffort() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setSignalOwner(pipe.readFd(), new SignalOwner(SignalOwner.PROCESS, 1));
            save(pipe);
            UnavailableException e = assertThrows(UnavailableException.class, restore()::open);
            assertTrue(e.getMessage().endsWith("sends its signals to process 1, which the image does not hold;"
                    + " go on without them: --best-effort"));
            try (RestoredPipes twin = restore().bestEffort().open()) {
                assertEquals(1, twin.deviations().size());
                assertTrue(twin.deviations().get(0).endsWith("sends its signals to nobody instead of process 1"));
                assertEquals(0, FdCalls.signalOwner(twin.descriptor(pipe.readFd()).number()).id());
            }
        }
    }

    @Test
    void eachPipeKeepsItsMode() throws IOException {
        try (TestPipe first = TestPipe.open(); TestPipe second = TestPipe.open(); TestPipe third = TestPipe.open()) {
            FdCalls.setInodeMode(second.readFd(), 0642);
            int[] ends = {first.readFd(), first.writeFd(), second.readFd(), second.writeFd(), third.readFd(), third.writeFd()};
            Checkpoint.ofDescriptors(ends).writeTo(folder.resolve("pipe.ckpt"));
            try (RestoredPipes twins = restore().open()) {
                for (int end : ends) {
                    int mode = end == second.readFd() || end == second.writeFd() ? 0642 : 0600;
                    assertEquals(mode, Stat.of(twins.descriptor(end).number()).mode() & 07777);
                }
            }
        }
    }

    @Test
    void ownerAndModeOfPipeAreRestored() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setInodeMode(pipe.readFd(), 0642);
            save(pipe);
            try (RestoredPipes twin = restore().open()) {
                assertEquals(
                        0642,
                        Stat.of(twin.descriptor(pipe.readFd()).number()).mode() & 07777);
                assertFalse(twin.deviations().iterator().hasNext());
            }
        }
    }

    @Test
    void exactRestoreReportsNoDeviation() throws IOException {
        try (TestPipe pipe = TestPipe.holding(new byte[10])) {
            save(pipe);
            try (RestoredPipes twin = restore().open()) {
                assertEquals(List.of(), twin.deviations());
            }
        }
    }

    private void save(TestPipe pipe) throws IOException {
        Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(folder.resolve("pipe.ckpt"));
    }

    private Restore restore() {
        return Restore.from(folder.resolve("pipe.ckpt"));
    }
}
