// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import org.jspecify.annotations.Nullable;

/** Connections to Unix sockets at which other processes listen. */
public final class LocalSocket {

    /** The calls that may fail, numbered as in connect.c. */
    private static final String[] CALLS = {"", "socket(AF_UNIX, SOCK_STREAM)", "mmap", "clone", "setresgid", "setresuid", "connect"};

    private LocalSocket() {}

    /**
     * Connects to a socket as a user and group, which the listener sees as those of the other process (SO_PEERCRED). Others
     * than its own only root may be.
     *
     * @param fdFile the socket's file, opened with O_PATH
     * @return the connection, which does not wait; null if earlier connections have to be accepted first
     */
    public static @Nullable Fd connect(int fdFile, int uid, int gid) throws ErrnoException {
        long result = Native.sp_connect(fdFile, uid, gid);
        if (result < 0) {
            if ((int) result == -Errno.EAGAIN) {
                return null;
            }
            throw new ErrnoException(result, CALLS[(int) (-result >> Integer.SIZE)]);
        }
        return Fd.owning((int) result);
    }
}
