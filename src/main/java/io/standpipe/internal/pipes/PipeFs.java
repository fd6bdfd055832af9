// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;



/** The file system that anonymous pipes are on, by which they are told from FIFOs. There is one, made when the kernel starts. */
public final class PipeFs {

    /** PIPEFS_MAGIC. */
    private static final long TYPE = 0x50495045;

    private boolean known;
    private long device;

    /** Whether a pipe or FIFO is on it, as its descriptor or its st_dev tells. */
    public boolean has(int fd, long dev) throws StandpipeException {
        if (!known) {
            look(fd, dev);
        }
        return known && dev == device;
    }

    private void look(int fd, long dev) throws StandpipeException {
        try {
            known = FdCalls.fileSystemType(fd) == TYPE;
            device = dev;
        } catch (ErrnoException e) {
            device = device();
            known = true;
        }
    }

    /** Its st_dev, by a pipe that is made for that. */
    public static long device() throws StandpipeException {
        try (PipePair pipe = PipePair.open()) {
            return new Stat().read(pipe.readFd()).dev();
        } catch (ErrnoException e) {
            throw Failures.of("a pipe", e);
        }
    }
}
