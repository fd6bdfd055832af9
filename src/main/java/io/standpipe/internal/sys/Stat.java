// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The status of a file (struct stat).
 *
 * @param dev the device of the file system that the inode is on
 * @param ino the inode's number there
 * @param mode file type and permission bits
 * @param uid the owner
 * @param gid the group
 * @param sizeBytes the size of a regular file
 * @param links how many names the file has in directories; 0 if its last name was removed
 */
public record Stat(long dev, long ino, int mode, int uid, int gid, long sizeBytes, long links) {

    private static final int DEV = 0;
    private static final int INO = 8;
    private static final int MODE = 16;
    private static final int UID = 24;
    private static final int GID = 32;
    private static final int SIZE = 40;
    private static final int LINKS = 48;
    private static final int LENGTH_BYTES = 56;

    private static Stat read(ByteBuffer fields) {
        return new Stat(
                fields.getLong(DEV),
                fields.getLong(INO),
                (int) fields.getLong(MODE),
                (int) fields.getLong(UID),
                (int) fields.getLong(GID),
                fields.getLong(SIZE),
                fields.getLong(LINKS));
    }

    /** Returns whether it is a regular file. */
    public boolean isRegularFile() {
        return (mode & Flags.S_IFMT) == Flags.S_IFREG;
    }

    /** Returns the status of the file behind an fd (fstat). */
    public static Stat of(int fd) throws ErrnoException {
        Stat stat = ofOpen(fd);
        if (stat == null) {
            throw failure(-Errno.EBADF, fd);
        }
        return stat;
    }

    /** Returns the status of the file behind an fd (fstat), or null if the fd is not open. */
    public static @Nullable Stat ofOpen(int fd) throws ErrnoException {
        NativeMemory memory = ScratchMemory.take(LENGTH_BYTES);
        try {
            int result = Native.sp_fstat(fd, memory.address());
            if (result < 0 && result != -Errno.EBADF) {
                throw failure(result, fd);
            }
            return result < 0 ? null : read(memory.buffer());
        } finally {
            ScratchMemory.giveBack(memory);
        }
    }

    private static ErrnoException failure(int result, int fd) {
        return new ErrnoException(result, "fstat(fd=" + fd + ")");
    }

    /** Returns the status of what has a name in a directory, be it a link (fstatat), or null if nothing has. */
    public static @Nullable Stat ofName(int fdDirectory, String name) throws ErrnoException {
        NativeMemory path = ScratchMemory.ofString(name);
        NativeMemory memory = ScratchMemory.take(LENGTH_BYTES);
        try {
            int result = Native.sp_fstatat(fdDirectory, path.address(), memory.address());
            if (result < 0 && result != -Errno.ENOENT) {
                throw new ErrnoException(result, "newfstatat(\"" + name + "\")");
            }
            return result < 0 ? null : read(memory.buffer());
        } finally {
            ScratchMemory.giveBack(path);
            ScratchMemory.giveBack(memory);
        }
    }

    /** Returns whether the file is a pipe or a FIFO, for which the kernel has one type. */
    public boolean isFifo() {
        return (mode & Flags.S_IFMT) == Flags.S_IFIFO;
    }

    /** Returns whether the file is a directory. */
    public boolean isDirectory() {
        return (mode & Flags.S_IFMT) == Flags.S_IFDIR;
    }

    /** Returns whether the file is a symbolic link. */
    public boolean isLink() {
        return (mode & Flags.S_IFMT) == Flags.S_IFLNK;
    }

    /** Returns what the file is, such as {@code a character device}. */
    public String kind() {
        return switch (mode & Flags.S_IFMT) {
            case Flags.S_IFREG -> "a regular file";
            case Flags.S_IFDIR -> "a directory";
            case Flags.S_IFCHR -> "a character device";
            case Flags.S_IFBLK -> "a block device";
            case Flags.S_IFIFO -> "a FIFO";
            case Flags.S_IFLNK -> "a symbolic link";
            default -> "a socket";
        };
    }

    /** Returns whether the file is a regular one. */
    public boolean isRegular() {
        return (mode & Flags.S_IFMT) == Flags.S_IFREG;
    }
}
