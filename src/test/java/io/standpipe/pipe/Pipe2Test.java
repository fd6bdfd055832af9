// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestJvm;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(DescriptorLeakCheck.class)
class Pipe2Test {

    @Test
    void pipe2ReturnsAReadEndAndAWriteEnd() throws Exception {
        try (PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC)) {
            assertEquals(Flags.O_RDONLY, FdCalls.statusFlags(ends.readFd()), "read end");
            assertEquals(Flags.O_WRONLY, FdCalls.statusFlags(ends.writeFd()), "write end");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pipe2MakesBothEndsCloseOnExecIfAskedTo(boolean asked) throws Exception {
        try (PipeEnds ends = Pipes.pipe2(asked ? PipeFlags.O_CLOEXEC : 0)) {
            assertEquals(asked, FdCalls.isCloseOnExec(ends.readFd()), "read end");
            assertEquals(asked, FdCalls.isCloseOnExec(ends.writeFd()), "write end");
        }
    }

    @Test
    void pipe2SetsTheStatusFlagsOfBothEnds() throws Exception {
        int flags = PipeFlags.O_NONBLOCK | PipeFlags.O_DIRECT;
        try (PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC | flags)) {
            assertEquals(Flags.O_RDONLY | PipeFlags.O_NONBLOCK, FdCalls.statusFlags(ends.readFd()), "read end");
            assertEquals(Flags.O_WRONLY | flags, FdCalls.statusFlags(ends.writeFd()), "write end");
        }
    }

    @Test
    void pipe2WithODirectKeepsPacketsApart() throws Exception {
        try (PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC | PipeFlags.O_DIRECT)) {
            Pipes.write(ends.writeFd(), ByteBuffer.allocateDirect(3));
            Pipes.write(ends.writeFd(), ByteBuffer.allocateDirect(4));
            assertEquals(3, Pipes.read(ends.readFd(), ByteBuffer.allocateDirect(10)));
        }
    }

    @Test
    void pipe2WithCapacityRoundsItUp() throws Exception {
        try (PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC, 5000)) {
            assertEquals(8192, Pipes.capacityBytes(ends.readFd()));
        }
    }

    @Test
    void pipe2WithACapacityThatIsRefusedLeavesNoPipe() {
        ErrnoException thrown = assertThrows(
                ErrnoException.class, () -> Pipes.pipe2(PipeFlags.O_CLOEXEC, -1));
        assertEquals(Errno.EINVAL, thrown.errno());
    }

    @Test
    void pipe2WithFlagsOfOtherCallsFailsAndNamesThem() {
        assertFails(
                Errno.EINVAL,
                "pipe2(O_CLOEXEC|O_NONBLOCK|O_DIRECT|02001): EINVAL (Invalid argument)",
                () -> Pipes.pipe2(PipeFlags.O_CLOEXEC | PipeFlags.O_NONBLOCK | PipeFlags.O_DIRECT | Flags.O_APPEND | 1));
    }

    @Test
    void pipe2WithoutFreeFdsFails() throws Exception {
        TestJvm.runWithDescriptors(64, PipesUntilRefused.class)
                .assertPrinted("pipe2(O_CLOEXEC): EMFILE (Too many open files)");
    }
}
