// SPDX-License-Identifier: Apache-2.0
package io.standpipe.bridge;

import static io.standpipe.bridge.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.DescriptorLeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No description here that has O_ASYNC set has an owner: no signal is sent. */
@ExtendWith(DescriptorLeakCheck.class)
class DescriptorSignalTest {

    @Test
    void aNewPipeSendsThePlainSignal() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(0, DescriptorCalls.signal(pipe.readFd()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 34, 64})
    void aSignalThatWasSetIsTold(int signal) throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            DescriptorCalls.setSignal(pipe.writeFd(), signal);
            assertEquals(signal, DescriptorCalls.signal(pipe.writeFd()));
        }
    }

    @Test
    void thePlainSignalIsSetAgain() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            DescriptorCalls.setSignal(pipe.readFd(), 34);
            DescriptorCalls.setSignal(pipe.readFd(), 0);
            assertEquals(0, DescriptorCalls.signal(pipe.readFd()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {65, -1})
    void aSignalThatDoesNotExistIsNotSet(int signal) throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EINVAL,
                    "fcntl(fd=" + pipe.readFd() + ", F_SETSIG, " + signal + "): EINVAL (Invalid argument)",
                    () -> DescriptorCalls.setSignal(pipe.readFd(), signal));
        }
    }

    @Test
    void flagsAreSetAtAnotherNumberOfWhichNothingStays() throws Exception {
        try (TestPipe pipe = TestPipe.open(); TestPipe other = TestPipe.open()) {
            DescriptorCalls.setStatusFlagsAt(pipe.readFd(), other.readFd(), Flags.O_NONBLOCK);
            DescriptorCalls.setStatusFlagsAt(pipe.writeFd(), 999, Flags.O_NONBLOCK | Flags.O_ASYNC);
            assertEquals(Flags.O_NONBLOCK, DescriptorCalls.statusFlags(pipe.readFd()));
            assertEquals(Flags.O_WRONLY | Flags.O_NONBLOCK | Flags.O_ASYNC,
                    DescriptorCalls.statusFlags(pipe.writeFd()));
            assertEquals(0, DescriptorCalls.statusFlags(other.readFd()));
            assertEquals(false, DescriptorCalls.isOpen(999));
        }
    }

    @Test
    void flagsAreNotSetAtANumberThatNoDescriptorCanHave() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EBADF,
                    "dup3 before fcntl(fd=" + pipe.readFd() + " at -1, F_SETFL, 04000): EBADF (Bad file descriptor)",
                    () -> DescriptorCalls.setStatusFlagsAt(pipe.readFd(), -1, Flags.O_NONBLOCK));
            assertEquals(0, DescriptorCalls.statusFlags(pipe.readFd()));
        }
    }

    @Test
    void theSignalOfANumberThatIsNotOpenIsRefused() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_GETSIG, 0): EBADF (Bad file descriptor)",
                () -> DescriptorCalls.signal(-1));
    }

    @Test
    void theSignalIsNotSetOnANumberThatIsNotOpen() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_SETSIG, 34): EBADF (Bad file descriptor)",
                () -> DescriptorCalls.setSignal(-1, 34));
    }
}
