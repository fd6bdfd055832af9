// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The directory of a process's fds, whose size is their count, and how many there were when it was opened. */
public final class FdDirectory implements AutoCloseable {

    private static final long UNKNOWN = -1;
    private static final int CLOSED = -1;

    private final @Nullable Fd directory;
    private final long count;

    private FdDirectory(@Nullable Fd directory, long count) {
        this.directory = directory;
        this.count = count;
    }

    /** Opens that of a process; where that is not allowed, or the kernel does not tell, the number is not known. */
    static FdDirectory open(int pid) throws ErrnoException {
        try {
            Fd directory = FileCalls.open(
                    FileCalls.CURRENT_DIRECTORY, "/proc/" + pid + "/fd", Flags.O_RDONLY | Flags.oDirectory(), 0);
            try {
                long size = Stat.of(directory.number()).sizeBytes();
                return new FdDirectory(directory, size > 0 ? size : UNKNOWN);
            } catch (ErrnoException e) {
                directory.close();
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
        if (directory != null) {
            FreezeLock.take(directory.number(), "process " + pid);
        }
    }

    int fd() {
        return directory == null ? CLOSED : directory.number();
    }

    /** How many there were, or -1. */
    long count() {
        return count;
    }

    @Override
    public void close() {
        if (directory != null) {
            directory.close();
        }
    }
}
