// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.NEVER_OPEN;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class FdCallsTest {

    private static final int F_SETFD = 2;

    @Test
    void duplicateHasTheSameDescription() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd copy = FdCalls.duplicate(pipe.writeFd())) {
            FdCalls.setStatusFlags(copy.number(), Flags.O_NONBLOCK);
            assertEquals(Flags.O_WRONLY | Flags.O_NONBLOCK, FdCalls.statusFlags(pipe.writeFd()));
        }
    }

    @Test
    void duplicateIsCloseOnExec() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd copy = FdCalls.duplicate(pipe.readFd())) {
            assertTrue(FdCalls.isCloseOnExec(copy.number()));
        }
    }

    @Test
    void duplicateFromAFloorIsNotBelowIt() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd copy = FdCalls.duplicateFrom(pipe.readFd(), 300)) {
            assertTrue(copy.number() >= 300, copy::toString);
        }
    }

    @Test
    void duplicateOfABadFdFails() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_DUPFD_CLOEXEC, 0): EBADF (Bad file descriptor)",
                () -> FdCalls.duplicate(-1));
    }

    @Test
    void duplicateAboveTheLimitFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EINVAL,
                    "fcntl(fd=" + pipe.readFd() + ", F_DUPFD_CLOEXEC, 2147483647): EINVAL (Invalid argument)",
                    () -> FdCalls.duplicateFrom(pipe.readFd(), NEVER_OPEN));
        }
    }

    @Test
    void duplicateToAnFdReplacesIt() throws Exception {
        try (TestPipe pipe = TestPipe.holding("from here");
                TestPipe replaced = TestPipe.open()) {
            int number = replaced.readFd();
            // The number has had an owner all along: the result must not become a second one.
            FdCalls.duplicateTo(pipe.readFd(), number).release();
            assertEquals("from here", replaced.readText());
        }
    }

    @Test
    void duplicateToAnFdIsCloseOnExec() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                TestPipe replaced = TestPipe.open()) {
            FdCalls.duplicateTo(pipe.readFd(), replaced.readFd()).release();
            assertTrue(FdCalls.isCloseOnExec(replaced.readFd()));
        }
    }

    @Test
    void duplicateOfABadFdToAnFdFails() {
        assertFails(Errno.EBADF, "dup3(fd=-1, fdNew=300, O_CLOEXEC): EBADF (Bad file descriptor)",
                () -> FdCalls.duplicateTo(-1, 300));
    }

    @Test
    void duplicateToItselfFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            int fd = pipe.readFd();
            assertFails(
                    Errno.EINVAL,
                    "dup3(fd=" + fd + ", fdNew=" + fd + ", O_CLOEXEC): EINVAL (Invalid argument)",
                    () -> FdCalls.duplicateTo(fd, fd));
        }
    }

    @Test
    void statusFlagsThatWereSetAreReturned() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setStatusFlags(pipe.readFd(), Flags.O_NONBLOCK | Flags.O_APPEND);
            assertEquals(Flags.O_NONBLOCK | Flags.O_APPEND, FdCalls.statusFlags(pipe.readFd()));
        }
    }

    @Test
    void statusFlagsHaveTheArchitecturesODirect() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.oDirect());
            assertEquals(Flags.O_WRONLY | Flags.oDirect(), FdCalls.statusFlags(pipe.writeFd()));
        }
    }

    @Test
    void statusFlagsOfABadFdFail() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_GETFL, 0): EBADF (Bad file descriptor)",
                () -> FdCalls.statusFlags(-1));
    }

    @Test
    void setStatusFlagsOfABadFdFails() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_SETFL, 2048): EBADF (Bad file descriptor)",
                () -> FdCalls.setStatusFlags(-1, Flags.O_NONBLOCK));
    }

    @Test
    void isCloseOnExecDistinguishesFds() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Native.sp_fcntl(pipe.readFd(), F_SETFD, 0);
            assertFalse(FdCalls.isCloseOnExec(pipe.readFd()));
        }
    }

    @Test
    void setCloseOnExecSetsTheFlag() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Native.sp_fcntl(pipe.readFd(), F_SETFD, 0);
            FdCalls.setCloseOnExec(pipe.readFd(), true);
            assertTrue(FdCalls.isCloseOnExec(pipe.readFd()));
        }
    }

    @Test
    void setCloseOnExecOfABadFdFails() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_SETFD, 1): EBADF (Bad file descriptor)",
                () -> FdCalls.setCloseOnExec(-1, true));
    }

    @Test
    void isCloseOnExecOfABadFdFails() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_GETFD, 0): EBADF (Bad file descriptor)",
                () -> FdCalls.isCloseOnExec(-1));
    }

    @Test
    void isOpenEndsWithTheClose() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertTrue(FdCalls.isOpen(pipe.readFd()));
        }
    }

    @Test
    void isOpenOfAnFdAboveTheLimitIsFalse() {
        assertFalse(FdCalls.isOpen(NEVER_OPEN));
    }

    @Test
    void streamOnAJavaDescriptorReadsTheBytes() throws Exception {
        try (TestPipe pipe = TestPipe.holding("for Java");
                FileInputStream in =
                        new FileInputStream(FdCalls.toJava(FdCalls.duplicate(pipe.readFd())))) {
            byte[] bytes = new byte[8];
            assertEquals(8, in.read(bytes));
            assertEquals("for Java", new String(bytes, US_ASCII));
        }
    }

    @Test
    void streamOnAJavaDescriptorClosesTheFd() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Fd copy = FdCalls.duplicateFrom(pipe.readFd(), 300);
            int number = copy.number();
            new FileInputStream(FdCalls.toJava(copy)).close();
            assertFalse(Files.exists(Path.of("/proc/self/fd/" + number)));
        }
    }

    @Test
    void toJavaReleasesTheFd() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Fd copy = FdCalls.duplicate(pipe.readFd());
            new FileInputStream(FdCalls.toJava(copy)).close();
            assertFalse(copy.isOpen());
        }
    }

    /** The native itself cannot fail: every FileDescriptor has the field that it sets. */
    @Test
    void toJavaOfAClosedFdThrows() throws Exception {
        Fd closed;
        try (TestPipe pipe = TestPipe.open()) {
            closed = FdCalls.duplicate(pipe.readFd());
        }
        closed.close();
        IllegalStateException thrown =
                assertThrows(IllegalStateException.class, () -> FdCalls.toJava(closed));
        assertEquals("descriptor is closed or was handed on", thrown.getMessage());
    }
}
