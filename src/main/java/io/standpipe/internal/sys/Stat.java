// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;

import java.nio.ByteBuffer;

/** What fstat says of one descriptor after another, or fstatat of one name: filled anew by each read, without allocation. */
public final class Stat {

    private static final int DEV = 0;
    private static final int INO = 8;
    private static final int MODE = 16;
    private static final int UID = 24;
    private static final int GID = 32;
    private static final int SIZE = 40;
    private static final int LINKS = 48;
    private static final int LENGTH = 56;

    private long dev;
    private long ino;
    private int mode;
    private int uid;
    private int gid;
    private long sizeBytes;
    private long links;

    /** Of nothing yet. */
    public Stat() {}

    /** Reads a descriptor's status, in place of what was read before. */
    public Stat read(int fd) throws ErrnoException {
        int result = fstat(fd);
        if (result < 0) {
            throw failure(result, fd);
        }
        return this;
    }

    /** The same of a number that may be no open descriptor: false if it is none. */
    public boolean readIfOpen(int fd) throws ErrnoException {
        int result = fstat(fd);
        if (result < 0 && result != -Errno.EBADF) {
            throw failure(result, fd);
        }
        return result >= 0;
    }

    /** The same of what has a name in a folder, be it a link: false if nothing has. */
    public boolean readIfThere(int fdFolder, String name) throws ErrnoException {
        NativeMemory path = ScratchMemory.ofString(name);
        NativeMemory found = ScratchMemory.take(LENGTH);
        try {
            int result = Native.sp_fstatat(fdFolder, path.address(), found.address(0, LENGTH));
            if (result < 0 && result != -Errno.ENOENT) {
                throw new ErrnoException(result, "newfstatat(\"" + name + "\")");
            }
            keep(result, found.buffer());
            return result >= 0;
        } finally {
            ScratchMemory.giveBack(path);
            ScratchMemory.giveBack(found);
        }
    }

    private int fstat(int fd) {
        NativeMemory found = ScratchMemory.take(LENGTH);
        int result = Native.sp_fstat(fd, found.address(0, LENGTH));
        keep(result, found.buffer());
        ScratchMemory.giveBack(found);
        return result;
    }

    private void keep(int result, ByteBuffer found) {
        if (result >= 0) {
            dev = found.getLong(DEV);
            ino = found.getLong(INO);
            mode = (int) found.getLong(MODE);
            uid = (int) found.getLong(UID);
            gid = (int) found.getLong(GID);
            sizeBytes = found.getLong(SIZE);
            links = found.getLong(LINKS);
        }
    }

    private static ErrnoException failure(int result, int fd) {
        return new ErrnoException(result, "fstat(fd=" + fd + ")");
    }

    public long dev() {
        return dev;
    }

    public long ino() {
        return ino;
    }

    /** File type and permission bits. */
    public int mode() {
        return mode;
    }

    public int uid() {
        return uid;
    }

    public int gid() {
        return gid;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** How many names the file has in folders; 0 for one whose last name was removed. */
    public long links() {
        return links;
    }

    /** A pipe or a FIFO: the kernel has one type for both. */
    public boolean isFifo() {
        return (mode & Flags.S_IFMT) == Flags.S_IFIFO;
    }

    public boolean isLink() {
        return (mode & Flags.S_IFMT) == Flags.S_IFLNK;
    }

    public boolean isRegular() {
        return (mode & Flags.S_IFMT) == Flags.S_IFREG;
    }
}
