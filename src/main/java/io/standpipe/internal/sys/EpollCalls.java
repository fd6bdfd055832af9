// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

/** Epoll sets. A set knows what it watches by open file description and fd together. */
public final class EpollCalls {

    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;

    private EpollCalls() {}

    /** Creates an empty epoll set, close-on-exec (epoll_create1). */
    public static Fd create() throws ErrnoException {
        int result = Native.sp_epoll_create1(Flags.O_CLOEXEC);
        if (result < 0) {
            throw new ErrnoException(result, "epoll_create1(EPOLL_CLOEXEC)");
        }
        return Fd.owning(result);
    }

    /**
     * Has an epoll set watch an fd (EPOLL_CTL_ADD).
     *
     * @param events what to watch for, the kernel's EPOLL bits
     * @param data what the set returns with an event
     * @return false if the set watches it already; then nothing changes
     */
    public static boolean add(int fdEpoll, int fd, int events, long data) throws ErrnoException {
        return control(fdEpoll, EPOLL_CTL_ADD, "EPOLL_CTL_ADD", fd, events, data, Errno.EEXIST);
    }

    /**
     * Has an epoll set no longer watch an fd (EPOLL_CTL_DEL).
     *
     * @return false if the set does not watch it; then nothing changes
     */
    public static boolean remove(int fdEpoll, int fd) throws ErrnoException {
        return control(fdEpoll, EPOLL_CTL_DEL, "EPOLL_CTL_DEL", fd, 0, 0, Errno.ENOENT);
    }

    private static boolean control(
            int fdEpoll, int operation, String name, int fd, int events, long data, int alreadyDone) throws ErrnoException {
        int result = Native.sp_epoll_ctl(fdEpoll, operation, fd, events, data);
        if (result < 0 && result != -alreadyDone) {
            throw new ErrnoException(result, "epoll_ctl(epfd=" + fdEpoll + ", " + name + ", fd=" + fd + ")");
        }
        return result >= 0;
    }
}
