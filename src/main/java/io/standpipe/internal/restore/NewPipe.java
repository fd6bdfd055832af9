// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.AccessMode;
import io.standpipe.Image;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;

/**
 * An anonymous pipe made anew. Each of its two ends is claimed once; any further description is opened anew. (The kernel patch
 * handed the same end out again.)
 */
final class NewPipe implements UnclaimedEnds {

    private final PipeEnds ends;
    private final int readFd;
    private final int writeFd;

    private NewPipe(PipeEnds ends) {
        this.ends = ends;
        readFd = ends.readFd();
        writeFd = ends.writeFd();
    }

    static NewPipe create() throws ErrnoException {
        return new NewPipe(Pipes.pipe2(PipeFlags.O_CLOEXEC));
    }

    @Override
    public int writeFd() {
        return writeFd;
    }

    /**
     * Returns the end that pipe2 made for the first description of its kind, and for any other a description opened through
     * /proc/self/fd: O_LARGEFILE shows that it was opened like that before. The open cannot block, since both ends of pipe2
     * stay open until the whole restore is done.
     */
    @Override
    public Fd claim(Image.Description description) throws ErrnoException {
        boolean reopened = (description.flags() & Flags.oLargeFile()) != 0;
        if (!reopened && description.accessMode() == AccessMode.READ && ends.readEnd().isOpen()) {
            return Fd.owning(ends.readEnd().release());
        }
        if (!reopened && description.accessMode() == AccessMode.WRITE && ends.writeEnd().isOpen()) {
            return Fd.owning(ends.writeEnd().release());
        }
        return FileCalls.reopen(readFd, description.flags() & Flags.O_ACCMODE);
    }

    @Override
    public boolean isNew() {
        return true;
    }

    @Override
    public void close() {
        ends.close();
    }
}
