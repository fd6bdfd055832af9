// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.io.IOException;

/** A process's folder of descriptors, whose size is how many there are, and how many there were when it was opened. */
public final class FdDirectory implements AutoCloseable {

    private static final long UNKNOWN = -1;
    private static final int CLOSED = -1;

    private final Fd folder;
    private final long count;

    private FdDirectory(Fd folder, long count) {
        this.folder = folder;
        this.count = count;
    }

    /** Opens that of a process; where that is not allowed, or the kernel does not tell, the number is not known. */
    static FdDirectory open(int pid) throws ErrnoException {
        try {
            Fd folder = FileCalls.open(
                    FileCalls.CURRENT_FOLDER, "/proc/" + pid + "/fd", Flags.O_RDONLY | Flags.oDirectory(), 0);
            try {
                long size = new Stat().read(folder.number()).sizeBytes();
                return new FdDirectory(folder, size > 0 ? size : UNKNOWN);
            } catch (ErrnoException e) {
                folder.close();
                throw e;
            }
        } catch (ErrnoException e) {
            // Not this user's to look at: whoever copies its descriptors says so.
            if (e.errno() == Errno.EACCES) {
                return new FdDirectory(null, UNKNOWN);
            }
            throw e;
        }
    }

    /** Keeps others from having the process stand still, until this is closed. */
    void lock(int pid) throws IOException {
        if (folder != null) {
            FreezeLock.take(folder.number(), "process " + pid);
        }
    }

    int fd() {
        return folder == null ? CLOSED : folder.number();
    }

    /** How many there were, or -1. */
    long count() {
        return count;
    }

    @Override
    public void close() {
        if (folder != null) {
            folder.close();
        }
    }
}
