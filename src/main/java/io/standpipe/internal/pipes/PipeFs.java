// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;

/** The file system of anonymous pipes, by which they differ from FIFOs. The kernel has one, made when it starts. */
public final class PipeFs {

    private static final long PIPEFS_MAGIC = 0x50495045;

    private boolean known;
    private long device;

    /** Returns whether a pipe or FIFO with an fd and a st_dev is on this file system, and so is no FIFO. */
    public boolean has(int fd, long dev) throws StandpipeException {
        if (!known) {
            learn(fd, dev);
        }
        return known && dev == device;
    }

    private void learn(int fd, long dev) throws StandpipeException {
        try {
            known = FdCalls.fileSystemType(fd) == PIPEFS_MAGIC;
            device = dev;
        } catch (ErrnoException e) {
            device = device();
            known = true;
        }
    }

    /** Returns the st_dev of the file system, from a pipe that is made for this. */
    public static long device() throws StandpipeException {
        try (PipePair pipe = PipePair.open()) {
            return Stat.of(pipe.readFd()).dev();
        } catch (ErrnoException e) {
            throw Failures.of("a pipe", e);
        }
    }
}
