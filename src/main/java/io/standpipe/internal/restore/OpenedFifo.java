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




/**
 * A FIFO being restored ("c/r" v18 47/80). Opened for reading and writing first, which never blocks; the descriptions are
 * then opened in the access modes that they had, through /proc/self/fd, so that no path is followed twice.
 */
public final class OpenedFifo implements PipeEnds {

    private final FifoLocation place;
    private final Fd both;
    private Fd keptAlive;

    private OpenedFifo(FifoLocation place, Fd both) {
        this.place = place;
        this.both = both;
    }

    /** Opens a FIFO that must be empty, and takes over its place. */
    static OpenedFifo open(FifoLocation place) throws StandpipeException {
        Fd both = null;
        boolean opened = false;
        try {
            both = FileCalls.reopen(place.fifo(), Flags.O_RDWR | Flags.O_NONBLOCK);
            int queued = Pipes.queuedBytes(both.number());
            if (queued > 0) {
                throw new StandpipeException(place + ": it is in use and has " + queued
                        + " bytes queued, expected none; its users still have what was saved, or have gone on since");
            }
            opened = true;
            return new OpenedFifo(place, both);
        } catch (ErrnoException e) {
            throw Failures.of(place.toString(), e);
        } finally {
            if (!opened) {
                if (both != null) {
                    both.close();
                }
                place.undo();
                place.close();
            }
        }
    }

    @Override
    public int writeEnd() {
        return both.number();
    }

    /**
     * Opens a description. One that poll has told of no hang-up yet must be opened while there is no writer: the end that
     * can do both is closed for it, and from then on a reader keeps the contents alive. Those come last, after all others.
     */
    @Override
    public Fd claim(Image.Description description) throws ErrnoException {
        if (description.metNoWriter() && keptAlive == null) {
            keptAlive = FileCalls.reopen(place.fifo(), Flags.O_RDONLY | Flags.O_NONBLOCK);
            both.close();
        }
        return FileCalls.reopen(place.fifo(), description.accessMode() | Flags.O_NONBLOCK);
    }

    @Override
    public boolean isNew() {
        return place.isNew();
    }

    @Override
    public void undo() {
        place.undo();
    }

    @Override
    public void release() {
        both.close();
        if (keptAlive != null) {
            keptAlive.close();
        }
    }

    @Override
    public void close() {
        release();
        place.close();
    }
}
