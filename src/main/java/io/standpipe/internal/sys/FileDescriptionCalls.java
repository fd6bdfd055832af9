// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

/**
 * Compares the open file descriptions behind fds (kcmp). Where the kernel or a seccomp filter refuses kcmp, fds of this process are
 * compared by an epoll set, which takes one description under one fd only once.
 */
public final class FileDescriptionCalls {

    private static final int KCMP_FILE = 0;
    private static final int F_DUPFD_QUERY = 1027;

    private FileDescriptionCalls() {}

    /** Returns whether two fds of this process have the same description; false if one is not open. */
    public static boolean isSame(int fd1, int fd2) throws ErrnoException {
        int own = ProcessCalls.pid();
        try {
            return isSame(own, fd1, own, fd2);
        } catch (ErrnoException e) {
            if (!isRefused(e)) {
                throw e;
            }
            return isSameToEpoll(fd1, fd2);
        }
    }

    /**
     * Returns whether fds of two processes have the same description (kcmp); false if one is not open.
     *
     * @throws ErrnoException also if kcmp is refused: see {@link #isRefused}
     */
    public static boolean isSame(int pid1, int fd1, int pid2, int fd2) throws ErrnoException {
        int result = Native.sp_kcmp(pid1, pid2, KCMP_FILE, fd1, fd2);
        if (result < 0 && result != -Errno.EBADF) {
            throw new ErrnoException(
                    result, "kcmp(pid1=" + pid1 + ", pid2=" + pid2 + ", KCMP_FILE, " + fd1 + ", " + fd2 + ")");
        }
        return result == 0;
    }

    /**
     * Compares the descriptions of two fds of a process (kcmp).
     *
     * @return 0 if they are the same; otherwise less or more than 0, an order that stays the same while both are open
     * @throws ErrnoException also if kcmp is refused: see {@link #isRefused}
     */
    public static int compare(int pid, int fd1, int fd2) throws ErrnoException {
        int result = Native.sp_kcmp(pid, pid, KCMP_FILE, fd1, fd2);
        if (result < 0) {
            throw new ErrnoException(
                    result, "kcmp(pid1=" + pid + ", pid2=" + pid + ", KCMP_FILE, " + fd1 + ", " + fd2 + ")");
        }
        return order(result);
    }

    /** Returns whether kcmp failed since the kernel lacks it or a seccomp filter forbids it. */
    public static boolean isRefused(ErrnoException e) {
        return e.errno() == Errno.ENOSYS || e.errno() == Errno.EPERM;
    }

    /** Compares an fd of this process with itself (F_DUPFD_QUERY, Linux 6.10; EINVAL before). */
    public static void query(int fd) throws ErrnoException {
        int result = Native.sp_fcntl(fd, F_DUPFD_QUERY, fd);
        if (result < 0) {
            throw new ErrnoException(result, "fcntl(fd=" + fd + ", F_DUPFD_QUERY)");
        }
    }

    /** Returns whether the kernel compares fds such as this one, by F_DUPFD_QUERY (Linux 6.10) or by kcmp. */
    public static boolean isComparable(int fd) {
        int own = ProcessCalls.pid();
        return Native.sp_fcntl(fd, F_DUPFD_QUERY, fd) >= 0 || Native.sp_kcmp(own, own, KCMP_FILE, fd, fd) >= 0;
    }

    /** Returns whether two fds have the same description, without kcmp. Both must be of files that can be polled, as pipes can. */
    static boolean isSameToEpoll(int fd1, int fd2) throws ErrnoException {
        // The set tells descriptions apart by fd, too: so one fd refers to both in turn.
        try (Fd set = EpollCalls.create(); Fd inTurn = FdCalls.duplicate(fd1)) {
            EpollCalls.add(set.number(), inTurn.number(), 0, 0);
            FdCalls.duplicateTo(fd2, inTurn.number()).release();
            return !EpollCalls.add(set.number(), inTurn.number(), 0, 0);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EBADF) {
                return false;
            }
            throw e;
        }
    }

    /** Returns a result of kcmp as a comparator returns it: kcmp has 0 for the same, 1 for less and 2 for greater. */
    static int order(int result) {
        return result == 1 ? -1 : result;
    }
}
