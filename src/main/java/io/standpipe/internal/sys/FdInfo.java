// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;

/** What /proc/PID/fdinfo says of an fd of any process. */
public final class FdInfo {

    private static final int FLAGS = 0;
    private static final int INODE = 8;
    private static final int LENGTH = 16;

    /** The calls that may fail, numbered as in process.c. */
    private static final String[] CALLS = {"", "openat", "read"};

    private int flags;
    private long inode;

    /** Creates an empty instance; call {@link #read} first. */
    public FdInfo() {}

    /**
     * Reads what is said of a descriptor, in place of what was read before.
     *
     * @throws ErrnoException ENOENT if it is not open, or if there is no such process; ESRCH if that ends meanwhile
     */
    public FdInfo read(int pid, int fd) throws ErrnoException {
        NativeMemory found = ScratchMemory.take(LENGTH);
        try {
            long result = Native.sp_fdinfo(pid, fd, found.address(0, LENGTH));
            if (result < 0) {
                throw new ErrnoException(
                        result, CALLS[(int) (-result >> Integer.SIZE)] + "(\"/proc/" + pid + "/fdinfo/" + fd + "\")");
            }
            flags = (int) found.buffer().getLong(FLAGS);
            inode = found.buffer().getLong(INODE);
            return this;
        } finally {
            ScratchMemory.giveBack(found);
        }
    }

    /** Access mode, status flags and O_CLOEXEC, in the bits of open; -1 if it has no such line. */
    public int flags() {
        return flags;
    }

    /** The inode number of what the descriptor refers to, without asking its file system; 0 before Linux 5.14. */
    public long inode() {
        return inode;
    }
}
