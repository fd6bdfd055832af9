// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.pipe.Errno;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No description here that has O_ASYNC set has an owner: no signal is sent. */
@ExtendWith(DescriptorLeakCheck.class)
class FdSignalTest {

    @Test
    void signalOfANewPipeIsZero() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(0, FdCalls.signal(pipe.readFd()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 34, 64})
    void signalThatWasSetIsReturned(int signal) throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setSignal(pipe.writeFd(), signal);
            assertEquals(signal, FdCalls.signal(pipe.writeFd()));
        }
    }

    @Test
    void signalIsSetToZeroAgain() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setSignal(pipe.readFd(), 34);
            FdCalls.setSignal(pipe.readFd(), 0);
            assertEquals(0, FdCalls.signal(pipe.readFd()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {65, -1})
    void setSignalToNoSuchSignalFails(int signal) throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EINVAL,
                    "fcntl(fd=" + pipe.readFd() + ", F_SETSIG, " + signal + "): EINVAL (Invalid argument)",
                    () -> FdCalls.setSignal(pipe.readFd(), signal));
        }
    }

    @Test
    void setStatusFlagsAtAnotherFdLeavesItAsItWas() throws Exception {
        try (TestPipe pipe = TestPipe.open(); TestPipe other = TestPipe.open()) {
            FdCalls.setStatusFlagsAt(pipe.readFd(), other.readFd(), Flags.O_NONBLOCK);
            FdCalls.setStatusFlagsAt(pipe.writeFd(), 999, Flags.O_NONBLOCK | Flags.O_ASYNC);
            assertEquals(Flags.O_NONBLOCK, FdCalls.statusFlags(pipe.readFd()));
            assertEquals(Flags.O_WRONLY | Flags.O_NONBLOCK | Flags.O_ASYNC,
                    FdCalls.statusFlags(pipe.writeFd()));
            assertEquals(0, FdCalls.statusFlags(other.readFd()));
            assertEquals(false, FdCalls.isOpen(999));
        }
    }

    @Test
    void setStatusFlagsAtAnImpossibleFdFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EBADF,
                    "dup3 before fcntl(fd=" + pipe.readFd() + " at -1, F_SETFL, 04000): EBADF (Bad file descriptor)",
                    () -> FdCalls.setStatusFlagsAt(pipe.readFd(), -1, Flags.O_NONBLOCK));
            assertEquals(0, FdCalls.statusFlags(pipe.readFd()));
        }
    }

    @Test
    void signalOfABadFdFails() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_GETSIG, 0): EBADF (Bad file descriptor)",
                () -> FdCalls.signal(-1));
    }

    @Test
    void setSignalOfABadFdFails() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_SETSIG, 34): EBADF (Bad file descriptor)",
                () -> FdCalls.setSignal(-1, 34));
    }
}
