// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;

/**
 * What /proc/PID/fdinfo says of an fd of any process.
 *
 * @param flags access mode, status flags and O_CLOEXEC, in the bits of open; -1 if the kernel shows none
 * @param inode the inode's number, which the kernel shows without asking the file system; 0 before Linux 5.14
 */
public record FdInfo(int flags, long inode) {

    private static final int FLAGS = 0;
    private static final int INODE = 8;
    private static final int LENGTH_BYTES = 16;

    /** The calls that may fail, numbered as in process.c. */
    private static final String[] CALLS = {"", "openat", "read"};

    /**
     * Reads what is said of an fd.
     *
     * @throws ErrnoException ENOENT if the fd is not open or there is no such process; ESRCH if the process ends meanwhile
     */
    public static FdInfo of(int pid, int fd) throws ErrnoException {
        NativeMemory memory = ScratchMemory.take(LENGTH_BYTES);
        try {
            long result = Native.sp_fdinfo(pid, fd, memory.address());
            if (result < 0) {
                throw new ErrnoException(
                        result, CALLS[(int) (-result >> Integer.SIZE)] + "(\"/proc/" + pid + "/fdinfo/" + fd + "\")");
            }
            return new FdInfo((int) memory.buffer().getLong(FLAGS), memory.buffer().getLong(INODE));
        } finally {
            ScratchMemory.giveBack(memory);
        }
    }
}
