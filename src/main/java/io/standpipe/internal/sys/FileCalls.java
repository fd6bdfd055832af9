// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.lang.ref.Reference;

/** Files, and the folders that hold their names. Every descriptor made here is close-on-exec. */
public final class FileCalls {

    /** In place of a folder's descriptor: the current folder. */
    public static final int CURRENT_FOLDER = -100;

    private static final int MFD_CLOEXEC = 1;
    private static final int SYNC_FILE_RANGE_WRITE = 2;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    private FileCalls() {}

    /**
     * Opens a file below a folder (openat), close-on-exec.
     *
     * @param fdFolder the folder, or {@link #CURRENT_FOLDER}
     * @param mode permission bits of a file that is created
     */
    public static Fd open(int fdFolder, String path, int flags, int mode) throws ErrnoException {
        NativeMemory name = ScratchMemory.ofString(path);
        try {
            int result = Native.sp_openat(fdFolder, name.address(), flags | Flags.O_CLOEXEC, mode);
            if (result < 0) {
                throw new ErrnoException(
                        result, "openat(\"" + path + "\", flags=0" + Integer.toOctalString(flags) + ")");
            }
            return Fd.owning(result);
        } finally {
            ScratchMemory.giveBack(name);
        }
    }

    /** Another open file description of what a descriptor of this process refers to, opened through /proc/self/fd. */
    public static Fd reopen(int fd, int flags) throws ErrnoException {
        return open(CURRENT_FOLDER, "/proc/self/fd/" + fd, flags, 0);
    }

    /**
     * A new empty file in memory, in no folder, open for reading and writing (memfd_create).
     *
     * @param name what /proc tells of it; others may have the same
     */
    public static Fd memoryFile(String name) throws ErrnoException {
        NativeMemory nameMemory = NativeMemory.ofString(name);
        int result = Native.sp_memfd_create(nameMemory.address(), MFD_CLOEXEC);
        Reference.reachabilityFence(nameMemory);
        if (result < 0) {
            throw new ErrnoException(result, "memfd_create(\"" + name + "\")");
        }
        return Fd.owning(result);
    }

    /**
     * Writes to a pipe or a stream.
     *
     * @return bytes written, or {@link Pipes#WOULD_BLOCK}
     */
    public static long write(int fd, NativeMemory memory, long offsetBytes, long lengthBytes) throws ErrnoException {
        long result = Native.sp_write(fd, memory.address(offsetBytes, lengthBytes), lengthBytes);
        Reference.reachabilityFence(memory);
        if (result < 0 && result != Pipes.WOULD_BLOCK) {
            throw new ErrnoException(result, "write(fd=" + fd + ", length=" + lengthBytes + ")");
        }
        return result;
    }

    /** Reads from a place in a file; returns the bytes read, 0 at its end. */
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

    /** Writes at a place in a file; returns the bytes written. */
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
     * Reserves room for a range of a file, and makes the file reach to its end.
     *
     * @return false if the file system cannot reserve, or a filter of system calls forbids it
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
     * Lets the kernel begin to bring a range of a file to the medium, and does not wait for it (sync_file_range). A failure
     * loses nothing: {@link #syncData} does it then, and tells of what went wrong on the way.
     *
     * @return false if that cannot be had here
     */
    public static boolean startSync(int fd, long fileOffset, long lengthBytes) {
        return Native.sp_sync_file_range(fd, fileOffset, lengthBytes, SYNC_FILE_RANGE_WRITE) == 0;
    }

    /** Returns when a file's data is on the medium. */
    public static void syncData(int fd) throws ErrnoException {
        check(Native.sp_fdatasync(fd), "fdatasync", fd);
    }

    /** Returns when all there is of a file or folder is on the medium. */
    public static void sync(int fd) throws ErrnoException {
        check(Native.sp_fsync(fd), "fsync", fd);
    }

    /**
     * Locks a file or folder against everybody else who locks it, until the open file description is closed.
     *
     * @return false if somebody else has it locked
     */
    public static boolean lock(int fd) throws ErrnoException {
        int result = Native.sp_flock(fd, LOCK_EX | LOCK_NB);
        if (result == -Errno.EAGAIN) {
            return false;
        }
        check(result, "flock", fd);
        return true;
    }

    /** Gives a file in a folder another name there, in place of what had it. */
    public static void rename(int fdFolder, String name, String newName) throws ErrnoException {
        NativeMemory from = ScratchMemory.ofString(name);
        NativeMemory to = ScratchMemory.ofString(newName);
        int result = Native.sp_renameat(fdFolder, from.address(), fdFolder, to.address());
        ScratchMemory.giveBack(from);
        ScratchMemory.giveBack(to);
        if (result < 0) {
            throw new ErrnoException(result, "renameat(\"" + name + "\", \"" + newName + "\")");
        }
    }

    /** Removes a file's name from a folder. */
    public static void unlink(int fdFolder, String name) throws ErrnoException {
        NativeMemory path = ScratchMemory.ofString(name);
        int result = Native.sp_unlinkat(fdFolder, path.address(), 0);
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
