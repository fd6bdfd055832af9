// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Kernel;
import io.standpipe.testkit.TestPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(DescriptorLeakCheck.class)
class FileDescriptionCallsTest {

    private static final String MISSING = "ENOSYS (Function not implemented)";

    private static final int SELF = (int) ProcessHandle.current().pid();
    private static final int NO_SUCH_PID = Integer.MAX_VALUE;
    private static final int NEVER_OPEN = Integer.MAX_VALUE;

    /** The two ways to find out. */
    enum Way {
        KCMP {
            @Override
            boolean isSame(int fd1, int fd2) throws ErrnoException {
                return FileDescriptionCalls.isSame(fd1, fd2);
            }
        },
        EPOLL {
            @Override
            boolean isSame(int fd1, int fd2) throws ErrnoException {
                return FileDescriptionCalls.isSameToEpoll(fd1, fd2);
            }
        };

        abstract boolean isSame(int fd1, int fd2) throws ErrnoException;
    }

    @ParameterizedTest
    @EnumSource
    void isSameForADuplicate(Way way) throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd copy = FdCalls.duplicate(pipe.readFd())) {
            assertTrue(way.isSame(pipe.readFd(), copy.number()));
            assertTrue(way.isSame(copy.number(), pipe.readFd()));
            assertTrue(way.isSame(copy.number(), copy.number()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNotSameForTheTwoEndsOfAPipe(Way way) throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFalse(way.isSame(pipe.readFd(), pipe.writeFd()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNotSameForAReopenedFile(Way way) throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd reopened = FileCalls.reopen(pipe.readFd(), Flags.O_RDONLY | Flags.O_NONBLOCK)) {
            assertFalse(way.isSame(pipe.readFd(), reopened.number()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNotSameForABadFd(Way way) throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFalse(way.isSame(pipe.readFd(), NEVER_OPEN));
            assertFalse(way.isSame(NEVER_OPEN, pipe.readFd()));
        }
    }

    /** Asking leaves no trace: no byte is gone, and a reader of the pipe waits as before. */
    @ParameterizedTest
    @EnumSource
    void comparingLeavesThePipeAsItIs(Way way) throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd copy = FdCalls.duplicate(pipe.readFd())) {
            FileCalls.write(pipe.writeFd(), NativeMemory.nativeOrder(3), 0, 3);
            way.isSame(pipe.readFd(), copy.number());
            assertEquals(3, Pipes.queuedBytes(pipe.readFd()));
            assertEquals(Flags.O_RDONLY, FdCalls.statusFlags(pipe.readFd()));
        }
    }

    @Test
    void compareOfABadFdFails() throws Exception {
        boolean has = Kernel.hasKcmp();
        assertFails(
                has ? Errno.EBADF : Errno.ENOSYS,
                "kcmp(pid1=" + SELF + ", pid2=" + SELF + ", KCMP_FILE, 2147483647, 2147483647): "
                        + (has ? "EBADF (Bad file descriptor)" : MISSING),
                () -> FileDescriptionCalls.compare(SELF, NEVER_OPEN, NEVER_OPEN));
    }

    @Test
    void compareIsAntisymmetric() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            if (!Kernel.hasKcmp()) {
                assertTrue(FileDescriptionCalls.isRefused(assertThrows(
                        ErrnoException.class, () -> FileDescriptionCalls.compare(SELF, pipe.readFd(), pipe.writeFd()))));
                return;
            }
            int order = Integer.signum(FileDescriptionCalls.compare(SELF, pipe.readFd(), pipe.writeFd()));
            assertEquals(-order, Integer.signum(FileDescriptionCalls.compare(SELF, pipe.writeFd(), pipe.readFd())));
            assertTrue(order != 0);
        }
    }

    @Test
    void compareInAMissingProcessFails() throws Exception {
        boolean has = Kernel.hasKcmp();
        assertFails(
                has ? Errno.ESRCH : Errno.ENOSYS,
                "kcmp(pid1=2147483647, pid2=2147483647, KCMP_FILE, 0, 0): " + (has ? "ESRCH (No such process)" : MISSING),
                () -> FileDescriptionCalls.isSame(NO_SUCH_PID, 0, NO_SUCH_PID, 0));
    }
}
