// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

/**
 * Which descriptors are one open file description. kcmp tells; where a seccomp profile or the kernel refuses it, an epoll set
 * does for descriptors of this process, since it takes a description only once under one number.
 */
public final class FileDescriptionCalls {

    private static final int KCMP_FILE = 0;
    private static final int EPOLL_CTL_ADD = 1;

    private FileDescriptionCalls() {}

    /** Whether two descriptors of this process are one description; false if one is not open. */
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
     * Whether descriptors of two processes are one description (kcmp); false if one is not open.
     *
     * @throws ErrnoException also if kcmp is refused, as {@link #isRefused} tells
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
     * Compares the descriptions of two descriptors of a process (kcmp): 0 if they are one. Otherwise less or more than 0, an
     * order without meaning that stays the same while both are open.
     *
     * @throws ErrnoException also if kcmp is refused, as {@link #isRefused} tells
     */
    public static int compare(int pid, int fd1, int fd2) throws ErrnoException {
        int result = Native.sp_kcmp(pid, pid, KCMP_FILE, fd1, fd2);
        if (result < 0) {
            throw new ErrnoException(
                    result, "kcmp(pid1=" + pid + ", pid2=" + pid + ", KCMP_FILE, " + fd1 + ", " + fd2 + ")");
        }
        return order(result);
    }

    /** Whether kcmp said that it may not be used, or is not there. */
    public static boolean isRefused(ErrnoException e) {
        return e.errno() == Errno.ENOSYS || e.errno() == Errno.EPERM;
    }

    /** The same question, without kcmp; epoll takes pipes, and what else can be polled. */
    static boolean isSameToEpoll(int fd1, int fd2) throws ErrnoException {
        int result = Native.sp_epoll_create1(Flags.O_CLOEXEC);
        if (result < 0) {
            throw new ErrnoException(result, "epoll_create1(EPOLL_CLOEXEC)");
        }
        // The set knows a description by its number too: so both get the same one, of a copy, in turn.
        try (Fd set = Fd.owning(result); Fd copy = FdCalls.duplicate(fd1)) {
            add(set, copy);
            FdCalls.duplicateTo(fd2, copy.number()).release();
            return !add(set, copy);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EBADF) {
                return false;
            }
            throw e;
        }
    }

    /** @return false if it is in the set */
    private static boolean add(Fd set, Fd descriptor) throws ErrnoException {
        int result = Native.sp_epoll_ctl(set.number(), EPOLL_CTL_ADD, descriptor.number(), 0, 0);
        if (result < 0 && result != -Errno.EEXIST) {
            throw new ErrnoException(result, "epoll_ctl(EPOLL_CTL_ADD, fd=" + descriptor.number() + ")");
        }
        return result >= 0;
    }

    /** kcmp says 0 for the same, 1 for less and 2 for greater. */
    static int order(int result) {
        return result == 1 ? -1 : result;
    }
}
