// SPDX-License-Identifier: Apache-2.0
package io.standpipe.bridge;

import static io.standpipe.bridge.ErrnoAssertions.NEVER_OPEN;
import static io.standpipe.bridge.ErrnoAssertions.assertFails;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class DescriptorCallsTest {

    private static final int F_SETFD = 2;

    @Test
    void aDuplicateIsOfTheSameDescription() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd copy = DescriptorCalls.duplicate(pipe.writeFd())) {
            DescriptorCalls.setStatusFlags(copy.number(), Flags.O_NONBLOCK);
            assertEquals(Flags.O_WRONLY | Flags.O_NONBLOCK, DescriptorCalls.statusFlags(pipe.writeFd()));
        }
    }

    @Test
    void aDuplicateIsCloseOnExec() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd copy = DescriptorCalls.duplicate(pipe.readFd())) {
            assertTrue(DescriptorCalls.isCloseOnExec(copy.number()));
        }
    }

    @Test
    void aDuplicateHasANumberAtOrAboveItsFloor() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd copy = DescriptorCalls.duplicateFrom(pipe.readFd(), 300)) {
            assertTrue(copy.number() >= 300, copy::toString);
        }
    }

    @Test
    void noDuplicateIsMadeOfANumberThatIsNotOpen() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_DUPFD_CLOEXEC, 0): EBADF (Bad file descriptor)",
                () -> DescriptorCalls.duplicate(-1));
    }

    @Test
    void noDuplicateIsMadeAboveTheLimit() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EINVAL,
                    "fcntl(fd=" + pipe.readFd() + ", F_DUPFD_CLOEXEC, 2147483647): EINVAL (Invalid argument)",
                    () -> DescriptorCalls.duplicateFrom(pipe.readFd(), NEVER_OPEN));
        }
    }

    @Test
    void aDuplicateAtAChosenNumberTakesTheNumber() throws Exception {
        try (TestPipe pipe = TestPipe.holding("from here");
                TestPipe replaced = TestPipe.open()) {
            int number = replaced.readFd();
            // The number has had an owner all along: the result must not become a second one.
            DescriptorCalls.duplicateTo(pipe.readFd(), number).release();
            assertEquals("from here", replaced.takeText());
        }
    }

    @Test
    void aDuplicateAtAChosenNumberIsCloseOnExec() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                TestPipe replaced = TestPipe.open()) {
            DescriptorCalls.duplicateTo(pipe.readFd(), replaced.readFd()).release();
            assertTrue(DescriptorCalls.isCloseOnExec(replaced.readFd()));
        }
    }

    @Test
    void noDuplicateIsMadeAtANumberOfANumberThatIsNotOpen() {
        assertFails(Errno.EBADF, "dup3(fd=-1, fdNew=300, O_CLOEXEC): EBADF (Bad file descriptor)",
                () -> DescriptorCalls.duplicateTo(-1, 300));
    }

    @Test
    void noDuplicateIsMadeAtItsOwnNumber() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            int fd = pipe.readFd();
            assertFails(
                    Errno.EINVAL,
                    "dup3(fd=" + fd + ", fdNew=" + fd + ", O_CLOEXEC): EINVAL (Invalid argument)",
                    () -> DescriptorCalls.duplicateTo(fd, fd));
        }
    }

    @Test
    void statusFlagsThatWereSetAreTold() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            DescriptorCalls.setStatusFlags(pipe.readFd(), Flags.O_NONBLOCK | Flags.O_APPEND);
            assertEquals(Flags.O_NONBLOCK | Flags.O_APPEND, DescriptorCalls.statusFlags(pipe.readFd()));
        }
    }

    @Test
    void packetModeIsSetByTheArchitecturesOwnNumber() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            DescriptorCalls.setStatusFlags(pipe.writeFd(), Flags.oDirect());
            assertEquals(Flags.O_WRONLY | Flags.oDirect(), DescriptorCalls.statusFlags(pipe.writeFd()));
        }
    }

    @Test
    void statusFlagsOfANumberThatIsNotOpenAreRefused() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_GETFL, 0): EBADF (Bad file descriptor)",
                () -> DescriptorCalls.statusFlags(-1));
    }

    @Test
    void statusFlagsAreNotSetOnANumberThatIsNotOpen() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_SETFL, 2048): EBADF (Bad file descriptor)",
                () -> DescriptorCalls.setStatusFlags(-1, Flags.O_NONBLOCK));
    }

    @Test
    void aDescriptorThatSurvivesAnExecIsToldFromOneThatDoesNot() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Native.sp_fcntl(pipe.readFd(), F_SETFD, 0);
            assertFalse(DescriptorCalls.isCloseOnExec(pipe.readFd()));
        }
    }

    @Test
    void aDescriptorIsMadeCloseOnExec() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Native.sp_fcntl(pipe.readFd(), F_SETFD, 0);
            DescriptorCalls.setCloseOnExec(pipe.readFd(), true);
            assertTrue(DescriptorCalls.isCloseOnExec(pipe.readFd()));
        }
    }

    @Test
    void aNumberThatIsNotOpenIsNotMadeCloseOnExec() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_SETFD, 1): EBADF (Bad file descriptor)",
                () -> DescriptorCalls.setCloseOnExec(-1, true));
    }

    @Test
    void closeOnExecOfANumberThatIsNotOpenIsRefused() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_GETFD, 0): EBADF (Bad file descriptor)",
                () -> DescriptorCalls.isCloseOnExec(-1));
    }

    @Test
    void aNumberIsOpenUntilItIsClosed() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertTrue(DescriptorCalls.isOpen(pipe.readFd()));
        }
    }

    @Test
    void aNumberAboveTheLimitIsNotOpen() {
        assertFalse(DescriptorCalls.isOpen(NEVER_OPEN));
    }

    @Test
    void aStreamOnAJavaDescriptorReadsTheBytes() throws Exception {
        try (TestPipe pipe = TestPipe.holding("for Java");
                FileInputStream in =
                        new FileInputStream(DescriptorCalls.toJava(DescriptorCalls.duplicate(pipe.readFd())))) {
            byte[] bytes = new byte[8];
            assertEquals(8, in.read(bytes));
            assertEquals("for Java", new String(bytes, US_ASCII));
        }
    }

    @Test
    void aStreamOnAJavaDescriptorClosesTheDescriptor() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Fd copy = DescriptorCalls.duplicateFrom(pipe.readFd(), 300);
            int number = copy.number();
            new FileInputStream(DescriptorCalls.toJava(copy)).close();
            assertFalse(Files.exists(Path.of("/proc/self/fd/" + number)));
        }
    }

    @Test
    void aDescriptorHandedToJavaIsNoLongerItsOldOwners() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Fd copy = DescriptorCalls.duplicate(pipe.readFd());
            new FileInputStream(DescriptorCalls.toJava(copy)).close();
            assertFalse(copy.isOpen());
        }
    }

    /** The native itself cannot fail: every FileDescriptor has the field that it sets. */
    @Test
    void aDescriptorThatIsClosedIsNotHandedToJava() throws Exception {
        Fd closed;
        try (TestPipe pipe = TestPipe.open()) {
            closed = DescriptorCalls.duplicate(pipe.readFd());
        }
        closed.close();
        IllegalStateException thrown =
                assertThrows(IllegalStateException.class, () -> DescriptorCalls.toJava(closed));
        assertEquals("descriptor is closed or was handed on", thrown.getMessage());
    }
}
