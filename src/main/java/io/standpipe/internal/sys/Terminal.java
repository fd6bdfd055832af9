// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;

/** Fds that are terminals. */
public final class Terminal {

    private Terminal() {}

    /** Returns whether an fd of this process is a terminal; false if it is not open. */
    public static boolean isTerminal(int fd) {
        return Native.sp_isatty(fd) == 1;
    }

    /** Returns the width of a terminal in characters; 0 if it is unknown, or if the fd is no terminal. */
    public static int columns(int fd) {
        return Math.max(0, Native.sp_terminal_columns(fd));
    }
}
