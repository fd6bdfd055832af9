// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;

/** What bytes are sent to or come from without knowing what it is: standard output, say. */
public final class PollCalls {

    private static final int NO_TIMEOUT = -1;

    private PollCalls() {}

    /** Whether a descriptor is a terminal; one that is not open is none. */
    public static boolean isTerminal(int fd) {
        return Native.sp_isatty(fd) == 1;
    }

    /** How many characters a line of a terminal takes; 0 if that is not known, or the descriptor is no terminal. */
    public static int terminalColumns(int fd) {
        return Math.max(0, Native.sp_terminal_columns(fd));
    }

    /** Waits until a descriptor takes bytes, or until writing to it fails. */
    public static void awaitRoom(int fd) throws ErrnoException {
        await(fd, Flags.POLLOUT);
    }

    /** Waits until a descriptor has bytes, or until it has ended. */
    public static void awaitBytes(int fd) throws ErrnoException {
        await(fd, Flags.POLLIN);
    }

    private static void await(int fd, int events) throws ErrnoException {
        int result;
        do {
            result = Native.sp_poll(fd, events, NO_TIMEOUT);
        } while (result == -Errno.EINTR);
        if (result < 0) {
            throw new ErrnoException(result, "poll(fd=" + fd + ", events=" + events + ")");
        }
    }
}
