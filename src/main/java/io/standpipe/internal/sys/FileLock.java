// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;


/**
 * A lock on a whole file, which belongs to the open file description that took it (F_OFD_SETLK): it is gone when that is
 * closed, and so however its process ends.
 */
public final class FileLock {

    private static final int F_OFD_SETLK = 37;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    /** struct flock with 64-bit offsets: s16 type, s16 whence, s64 start, s64 length, s32 pid; all 0 but the type. */
    private static final int LENGTH = 32;

    /** struct flock: from the beginning, no end. */
    private static final byte[] ALL_OF_THE_FILE = new byte[LENGTH];

    private FileLock() {}

    /**
     * Locks a file that is open for writing against everybody, without waiting.
     *
     * @return false if somebody else has locked it
     * @throws ErrnoException also where the file system has no locks
     */
    public static boolean takeExclusive(int fd) throws ErrnoException {
        return take(fd, F_WRLCK, "F_WRLCK");
    }

    /** The same for a file that is open for reading, and against {@link #takeExclusive} alone. */
    public static boolean takeShared(int fd) throws ErrnoException {
        return take(fd, F_RDLCK, "F_RDLCK");
    }

    private static boolean take(int fd, short type, String name) throws ErrnoException {
        NativeMemory memory = ScratchMemory.take(LENGTH);
        memory.buffer().put(0, ALL_OF_THE_FILE).putShort(0, type);
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
}
