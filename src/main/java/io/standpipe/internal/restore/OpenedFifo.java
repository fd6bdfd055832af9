// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import org.jspecify.annotations.Nullable;

/**
 * A FIFO being restored ("c/r" v18 47/80). It is opened for reading and writing first, which never blocks; the descriptions are
 * then opened in their saved access modes through /proc/self/fd, so that no path is followed twice.
 */
final class OpenedFifo implements UnclaimedEnds {

    private final FifoLocation location;
    private final Fd bothEnds;
    /** Keeps the contents alive after both ends are closed. */
    private @Nullable Fd reader;

    private OpenedFifo(FifoLocation location, Fd bothEnds) {
        this.location = location;
        this.bothEnds = bothEnds;
    }

    /**
     * Opens a FIFO, which must be empty.
     *
     * @param location is to stay open until every description has claimed its end
     */
    static OpenedFifo open(FifoLocation location) throws StandpipeException {
        Fd bothEnds = null;
        boolean opened = false;
        try {
            bothEnds = FileCalls.reopen(location.fd(), Flags.O_RDWR | Flags.O_NONBLOCK);
            int queuedBytes = Pipes.queuedBytes(bothEnds.number());
            if (queuedBytes > 0) {
                throw new StandpipeException(location + ": it is in use and has " + queuedBytes
                        + " bytes queued, expected none; its users still have what was saved, or have gone on since");
            }
            opened = true;
            return new OpenedFifo(location, bothEnds);
        } catch (ErrnoException e) {
            throw Failures.of(location.toString(), e);
        } finally {
            if (bothEnds != null && !opened) {
                bothEnds.close();
            }
        }
    }

    @Override
    public int writeFd() {
        return bothEnds.number();
    }

    /**
     * Opens a description. A reader that has met no writer must be opened while there is none, and is claimed after all other
     * descriptions: for the first such reader the description with both ends is closed.
     */
    @Override
    public Fd claim(Image.Description description) throws ErrnoException {
        if (description.metNoWriter() && reader == null) {
            reader = FileCalls.reopen(location.fd(), Flags.O_RDONLY | Flags.O_NONBLOCK);
            bothEnds.close();
        }
        return FileCalls.reopen(location.fd(), description.accessMode() | Flags.O_NONBLOCK);
    }

    @Override
    public boolean isNew() {
        return location.isNew();
    }

    @Override
    public void close() {
        bothEnds.close();
        if (reader != null) {
            reader.close();
        }
    }
}
