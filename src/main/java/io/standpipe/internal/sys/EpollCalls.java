// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;

/** Other descriptions at numbers that are in use, and what in the kernel depends on the number. */
public final class EpollCalls {

    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;

    private EpollCalls() {}

    /**
     * Puts a descriptor at a number that must still refer to an expected description.
     *
     * @param expected another descriptor of the description that is to be replaced
     * @return whether it did; otherwise nothing was done
     */
    public static boolean replace(int expected, int fd, int number, boolean closeOnExec) throws ErrnoException {
        long result = Native.sp_replace(expected, fd, number, closeOnExec ? Flags.O_CLOEXEC : 0);
        if (result >= 0) {
            return true;
        }
        int errno = (int) -result;
        if (errno == Errno.EBUSY || errno == Errno.EBADF) {
            return false;
        }
        throw new ErrnoException(
                result,
                -result >> Integer.SIZE == 0
                        ? "dup3(fd=" + fd + ", fdNew=" + number + ")"
                        : "kcmp(KCMP_FILE, " + expected + ", " + number + ")");
    }

    /** Has an epoll set watch a descriptor; nothing is done if it does so already. */
    public static void addToEpoll(int epoll, int fd, int events, long data) throws ErrnoException {
        check(Native.sp_epoll_ctl(epoll, EPOLL_CTL_ADD, fd, events, data), Errno.EEXIST, "EPOLL_CTL_ADD", epoll, fd);
    }

    /** Has an epoll set watch a descriptor no more; nothing is done if it does not. */
    public static void removeFromEpoll(int epoll, int fd) throws ErrnoException {
        check(Native.sp_epoll_ctl(epoll, EPOLL_CTL_DEL, fd, 0, 0), Errno.ENOENT, "EPOLL_CTL_DEL", epoll, fd);
    }

    private static void check(int result, int harmless, String operation, int epoll, int fd) throws ErrnoException {
        if (result < 0 && result != -harmless) {
            throw new ErrnoException(result, "epoll_ctl(epfd=" + epoll + ", " + operation + ", fd=" + fd + ")");
        }
    }

    /**
     * Has the system call of a thread of this process begin anew; a thread that is in none notices nothing.
     *
     * @return false if the JVM has no handler for its signal, or there is no such thread
     */
    public static boolean interrupt(int thread) throws ErrnoException {
        int result = Native.sp_interrupt_thread(thread);
        if (result < 0 && result != -Errno.EOPNOTSUPP && result != -Errno.ESRCH) {
            throw new ErrnoException(result, "tgkill(tid=" + thread + ")");
        }
        return result >= 0;
    }
}
