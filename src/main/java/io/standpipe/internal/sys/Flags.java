// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;

/** Flags and modes of the calls, with the values of Linux on x86-64 and arm64. */
public final class Flags {

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_ACCMODE = 3;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_APPEND = 02000;
    public static final int O_NONBLOCK = 04000;
    public static final int O_ASYNC = 020000;
    public static final int O_NOATIME = 01000000;
    public static final int O_CLOEXEC = 02000000;
    public static final int O_PATH = 010000000;

    /** Not the same on every architecture: asked from C. */
    public static int oDirect() {
        return OfMachine.DIRECT;
    }

    /**
     * What F_GETFL tells of every description that was opened, and of none that pipe2 made. C has no name for it where files
     * are large anyway; on x86-64 and arm64 it is the bit above O_DIRECT.
     */
    public static int oLargeFile() {
        return oDirect() << 1;
    }

    /** Not the same on every architecture: asked from C. */
    public static int oNoFollow() {
        return OfMachine.NO_FOLLOW;
    }

    /** Not the same on every architecture: asked from C. */
    public static int oDirectory() {
        return OfMachine.DIRECTORY;
    }

    public static final int S_IFMT = 0170000;
    public static final int S_IFIFO = 0010000;
    public static final int S_IFREG = 0100000;
    public static final int S_IFLNK = 0120000;

    public static final int SPLICE_F_NONBLOCK = 2;

    public static final int POLLIN = 0x001;
    public static final int POLLOUT = 0x004;
    public static final int POLLERR = 0x008;
    public static final int POLLHUP = 0x010;

    private Flags() {}

    /** Asked once: there are restores that need them for each end of each pipe. */
    private static final class OfMachine {

        static final int DIRECT = Native.O_DIRECT();
        static final int NO_FOLLOW = Native.O_NOFOLLOW();
        static final int DIRECTORY = Native.O_DIRECTORY();

        private OfMachine() {}
    }
}
