// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.PipeFlags;

/** Flags and modes of the calls, with their values in Linux on x86-64 and arm64. */
public final class Flags {

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_ACCMODE = 3;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_APPEND = 02000;
    public static final int O_NONBLOCK = PipeFlags.O_NONBLOCK;
    public static final int O_ASYNC = 020000;
    public static final int O_NOATIME = 01000000;
    public static final int O_CLOEXEC = PipeFlags.O_CLOEXEC;
    public static final int O_PATH = 010000000;
    public static final int O_NOCTTY = 0400;

    // These four differ between architectures: C supplies them, once the first of them is used.

    /** Returns O_DIRECT. */
    public static int oDirect() {
        return PipeFlags.O_DIRECT;
    }

    /**
     * Returns O_LARGEFILE, which F_GETFL has for every description that was opened, and for none that pipe2 made. C has no name for
     * it where all files are large; on x86-64 and arm64 it is the bit above O_DIRECT.
     */
    public static int oLargeFile() {
        return oDirect() << 1;
    }

    /** Returns O_NOFOLLOW. */
    public static int oNoFollow() {
        return OfMachine.NO_FOLLOW;
    }

    /** Returns O_DIRECTORY. */
    public static int oDirectory() {
        return OfMachine.DIRECTORY;
    }

    public static final int S_IFMT = 0170000;
    public static final int S_IFIFO = 0010000;
    public static final int S_IFCHR = 0020000;
    public static final int S_IFDIR = 0040000;
    public static final int S_IFBLK = 0060000;
    public static final int S_IFREG = 0100000;
    public static final int S_IFSOCK = 0140000;
    public static final int S_IFLNK = 0120000;

    public static final int POLLIN = 0x001;
    public static final int POLLOUT = 0x004;
    public static final int POLLERR = 0x008;
    public static final int POLLHUP = 0x010;

    private Flags() {}

    private static final class OfMachine {

        static final int NO_FOLLOW = Native.O_NOFOLLOW();
        static final int DIRECTORY = Native.O_DIRECTORY();

        private OfMachine() {}
    }
}
