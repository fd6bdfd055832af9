// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.lang.ref.Reference;

/** Files by their fds, and their names in directories. Every fd made here is close-on-exec. */
public final class FileCalls {

    /** In place of a directory's fd: the working directory (AT_FDCWD). */
    public static final int CURRENT_DIRECTORY = -100;

    private static final int MFD_CLOEXEC = 1;
    private static final int SYNC_FILE_RANGE_WRITE = 2;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int F_OFD_SETLK = 37;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    /** struct flock: s16 type, s16 whence, s64 start, s64 length, s32 pid. All zero but the type is the whole file. */
    private static final byte[] WHOLE_FILE_LOCK = new byte[32];

    private FileCalls() {}

    /**
     * Opens a file (openat).
     *
     * @param fdDirectory what a relative path begins at: a directory, or {@link #CURRENT_DIRECTORY}
     * @param mode permission bits of a file that is created
     */
    public static Fd open(int fdDirectory, String path, int flags, int mode) throws ErrnoException {
        NativeMemory name = ScratchMemory.ofString(path);
        try {
            int result = Native.sp_openat(fdDirectory, name.address(), flags | Flags.O_CLOEXEC, mode);
            if (result < 0) {
                throw new ErrnoException(
                        result, "openat(\"" + path + "\", flags=0" + Integer.toOctalString(flags) + ")");
            }
            return Fd.owning(result);
        } finally {
            ScratchMemory.giveBack(name);
        }
    }

    /** Opens what an fd of this process refers to once more, through /proc/self/fd: a new open file description of the file. */
    public static Fd reopen(int fd, int flags) throws ErrnoException {
        return open(CURRENT_DIRECTORY, "/proc/self/fd/" + fd, flags, 0);
    }

    /**
     * Makes an empty file in memory, in no directory, open for reading and writing (memfd_create).
     *
     * @param name what /proc shows of it; need not be unique
     */
    public static Fd memoryFile(String name) throws ErrnoException {
        NativeMemory nameMemory = ScratchMemory.ofString(name);
        int result = Native.sp_memfd_create(nameMemory.address(), MFD_CLOEXEC);
        ScratchMemory.giveBack(nameMemory);
        if (result < 0) {
            throw new ErrnoException(result, "memfd_create(\"" + name + "\")");
        }
        return Fd.owning(result);
    }

    /**
     * Writes to a pipe, or to a file at its current offset (write).
     *
     * @return the bytes written, or {@link Pipes#WOULD_BLOCK}
     */
    public static long write(int fd, NativeMemory memory, long offsetBytes, long lengthBytes) throws ErrnoException {
        long result = Native.sp_write(fd, memory.address(offsetBytes, lengthBytes), lengthBytes);
        Reference.reachabilityFence(memory);
        if (result < 0 && result != Pipes.WOULD_BLOCK) {
            throw new ErrnoException(result, "write(fd=" + fd + ", length=" + lengthBytes + ")");
        }
        return result;
    }

    /** Reads from an offset of a file (pread); returns the bytes read, 0 at its end. */
    public static long read(int fd, long fileOffset, NativeMemory memory, long offsetBytes, long lengthBytes)
            throws ErrnoException {
        long result = Native.sp_pread(fd, memory.address(offsetBytes, lengthBytes), lengthBytes, fileOffset);
        Reference.reachabilityFence(memory);
        if (result < 0) {
            throw new ErrnoException(
                    result, "pread(fd=" + fd + ", length=" + lengthBytes + ", offset=" + fileOffset + ")");
        }
        return result;
    }

    /** Writes at an offset of a file (pwrite); returns the bytes written. */
    public static long write(int fd, long fileOffset, NativeMemory memory, long offsetBytes, long lengthBytes)
            throws ErrnoException {
        long result = Native.sp_pwrite(fd, memory.address(offsetBytes, lengthBytes), lengthBytes, fileOffset);
        Reference.reachabilityFence(memory);
        if (result < 0) {
            throw new ErrnoException(
                    result, "pwrite(fd=" + fd + ", length=" + lengthBytes + ", offset=" + fileOffset + ")");
        }
        return result;
    }

    /**
     * Reserves space for a range of a file (fallocate), which then reaches at least to the range's end.
     *
     * @return false if the file system does not support it, or a seccomp filter forbids it
     */
    public static boolean reserve(int fd, long fileOffset, long lengthBytes) throws ErrnoException {
        int result = Native.sp_fallocate(fd, 0, fileOffset, lengthBytes);
        if (result == -Errno.EOPNOTSUPP || result == -Errno.ENOSYS || result == -Errno.EPERM) {
            return false;
        }
        if (result < 0) {
            throw new ErrnoException(result, "fallocate(fd=" + fd + ", offset=" + fileOffset + ", length=" + lengthBytes + ")");
        }
        return true;
    }

    /**
     * Has the kernel start to write a range of a file to the medium, without waiting (sync_file_range). If it fails nothing is
     * lost: {@link #syncData} writes the range then, and throws what went wrong meanwhile.
     *
     * @return false if it failed
     */
    public static boolean startSync(int fd, long fileOffset, long lengthBytes) {
        return Native.sp_sync_file_range(fd, fileOffset, lengthBytes, SYNC_FILE_RANGE_WRITE) == 0;
    }

    /** Waits until a file's data is on the medium (fdatasync). */
    public static void syncData(int fd) throws ErrnoException {
        check(Native.sp_fdatasync(fd), "fdatasync", fd);
    }

    /** Waits until data and attributes of a file or directory are on the medium (fsync). */
    public static void sync(int fd) throws ErrnoException {
        check(Native.sp_fsync(fd), "fsync", fd);
    }

    /**
     * Locks a file or directory until its open file description is closed (flock), without waiting.
     *
     * @return false if another description has it locked
     */
    public static boolean lock(int fd) throws ErrnoException {
        int result = Native.sp_flock(fd, LOCK_EX | LOCK_NB);
        if (result == -Errno.EAGAIN) {
            return false;
        }
        check(result, "flock", fd);
        return true;
    }

    /**
     * Locks a whole file, open for writing, against every other such lock (F_OFD_SETLK), without waiting. The lock belongs to the
     * open file description, so it ends with it, however its process ends.
     *
     * @return false if another description has it locked
     * @throws ErrnoException also where the file system has no locks
     */
    public static boolean lockExclusively(int fd) throws ErrnoException {
        return lockWhole(fd, F_WRLCK, "F_WRLCK");
    }

    /**
     * Locks a whole file, open for reading, against {@link #lockExclusively} alone (F_OFD_SETLK), without waiting.
     *
     * @return false if another description has it locked exclusively
     * @throws ErrnoException also where the file system has no locks
     */
    public static boolean lockShared(int fd) throws ErrnoException {
        return lockWhole(fd, F_RDLCK, "F_RDLCK");
    }

    private static boolean lockWhole(int fd, short type, String name) throws ErrnoException {
        NativeMemory memory = ScratchMemory.take(WHOLE_FILE_LOCK.length);
        memory.buffer().put(0, WHOLE_FILE_LOCK).putShort(0, type);
        int result = Native.sp_fcntl(fd, F_OFD_SETLK, memory.address());
        ScratchMemory.giveBack(memory);
        if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
            return false;
        }
        if (result < 0) {
            throw new ErrnoException(result, "fcntl(fd=" + fd + ", F_OFD_SETLK, " + name + ")");
        }
        return true;
    }

    /** Renames a file within a directory (renameat). What had the new name is replaced. */
    public static void rename(int fdDirectory, String name, String newName) throws ErrnoException {
        NativeMemory from = ScratchMemory.ofString(name);
        NativeMemory to = ScratchMemory.ofString(newName);
        int result = Native.sp_renameat(fdDirectory, from.address(), fdDirectory, to.address());
        ScratchMemory.giveBack(from);
        ScratchMemory.giveBack(to);
        if (result < 0) {
            throw new ErrnoException(result, "renameat(\"" + name + "\", \"" + newName + "\")");
        }
    }

    /** Removes a file's name from a directory (unlinkat). */
    public static void unlink(int fdDirectory, String name) throws ErrnoException {
        NativeMemory path = ScratchMemory.ofString(name);
        int result = Native.sp_unlinkat(fdDirectory, path.address(), 0);
        ScratchMemory.giveBack(path);
        if (result < 0) {
            throw new ErrnoException(result, "unlinkat(\"" + name + "\")");
        }
    }

    private static void check(int result, String call, int fd) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(result, call + "(fd=" + fd + ")");
        }
    }
}
