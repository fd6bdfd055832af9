// SPDX-License-Identifier: Apache-2.0
package io.standpipe.bridge;

import java.nio.ByteBuffer;

/** What fstat says of one descriptor after another: filled anew by each {@link #read}, without allocation. */
public final class Stat {

    private static final int DEV = 0;
    private static final int INO = 8;
    private static final int MODE = 16;
    private static final int UID = 24;
    private static final int GID = 32;
    private static final int SIZE = 40;
    private static final int LINKS = 48;
    public static final int LENGTH = 56;

    private final NativeMemory memory;
    private final ByteBuffer fields;

    /** With memory of its own. */
    public Stat() {
        this(NativeMemory.nativeOrder(LENGTH));
    }

    /** @param memory in the machine's own byte order, where what is read stays: of use as long as nobody else writes there */
    public Stat(NativeMemory memory) {
        this.memory = memory;
        fields = memory.buffer();
    }

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

    private int fstat(int fd) {
        return Native.sp_fstat(fd, memory.address(0, LENGTH));
    }

    private static ErrnoException failure(int result, int fd) {
        return new ErrnoException(result, "fstat(fd=" + fd + ")");
    }

    public long dev() {
        return fields.getLong(DEV);
    }

    public long ino() {
        return fields.getLong(INO);
    }

    /** File type and permission bits. */
    public int mode() {
        return (int) fields.getLong(MODE);
    }

    public int uid() {
        return (int) fields.getLong(UID);
    }

    public int gid() {
        return (int) fields.getLong(GID);
    }

    public long sizeBytes() {
        return fields.getLong(SIZE);
    }

    /** How many names the file has in folders; 0 for one whose last name was removed. */
    public long links() {
        return fields.getLong(LINKS);
    }

    /** A pipe or a FIFO: the kernel has one type for both. */
    public boolean isFifo() {
        return (mode() & Flags.S_IFMT) == Flags.S_IFIFO;
    }

    public boolean isLink() {
        return (mode() & Flags.S_IFMT) == Flags.S_IFLNK;
    }

    public boolean isRegular() {
        return (mode() & Flags.S_IFMT) == Flags.S_IFREG;
    }
}
