// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.Checkpoint;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.SignalOwner;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals that a restored description sends (O_ASYNC, F_SETOWN_EX, F_SETSIG). */
@ExtendWith(DescriptorLeakCheck.class)
class SignalDeliveryTest {

    private static final int SIGURG = 23;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {SignalOwner.THREAD, SignalOwner.PROCESS})
    void writeSendsTheSignalOfTheRestoredReadEnd(int ownerType) throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            int self = (int) ProcessHandle.current().pid();
            FdCalls.setSignalOwner(pipe.readFd(), new SignalOwner(ownerType, self));
            FdCalls.setSignal(pipe.readFd(), SIGURG);
            FdCalls.setStatusFlags(pipe.readFd(), Flags.O_ASYNC);
            Path image = directory.resolve("pipe.ckpt");
            Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(image);
            String script = "trap 'echo arrived; exit 0' URG; echo x >/proc/$$/fd/" + pipe.writeFd() + "; sleep 5; echo none";
            assertEquals("arrived\n", CommandRun.of("restore", image, "--", "sh", "-c", script).succeeded().out);
        }
    }

    @Test
    void noSignalIsSentWithoutOAsync() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            int self = (int) ProcessHandle.current().pid();
            FdCalls.setSignalOwner(pipe.readFd(), new SignalOwner(SignalOwner.PROCESS, self));
            FdCalls.setSignal(pipe.readFd(), SIGURG);
            Path image = directory.resolve("pipe.ckpt");
            Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(image);
            String script = "trap 'echo arrived; exit 0' URG; echo x >/proc/$$/fd/" + pipe.writeFd() + "; echo none";
            assertEquals("none\n", CommandRun.of("restore", image, "--", "sh", "-c", script).succeeded().out);
        }
    }
}
