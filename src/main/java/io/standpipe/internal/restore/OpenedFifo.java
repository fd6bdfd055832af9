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
 * A FIFO being restored ("c/r" v18 47/80). It is opened for reading and, if it is to be filled or to have a writer, for writing
 * first, which never blocks; the descriptions are then opened in their saved access modes through /proc/self/fd, so that no path is
 * followed twice.
 */
final class OpenedFifo implements UnclaimedEnds {

    private final FifoLocation location;
    private final Fd first;
    /** Keeps the contents alive after the first description is closed. */
    private @Nullable Fd reader;

    private OpenedFifo(FifoLocation location, Fd first) {
        this.location = location;
        this.first = first;
    }

    /**
     * Opens a FIFO, which must be empty.
     *
     * @param writing whether it needs a writer
     * @param location is to stay open until every description has claimed its end
     */
    static OpenedFifo open(FifoLocation location, boolean writing) throws StandpipeException {
        Fd first = null;
        boolean opened = false;
        try {
            first = FileCalls.reopen(location.fd(), (writing ? Flags.O_RDWR : Flags.O_RDONLY) | Flags.O_NONBLOCK);
            int queuedBytes = Pipes.queuedBytes(first.number());
            if (queuedBytes > 0) {
                throw new StandpipeException(location + ": it is in use and has " + queuedBytes
                        + " bytes queued, expected none; its users still have what was saved, or have gone on since");
            }
            opened = true;
            return new OpenedFifo(location, first);
        } catch (ErrnoException e) {
            throw Failures.of(location.toString(), e);
        } finally {
            if (first != null && !opened) {
                first.close();
            }
        }
    }

    @Override
    public int writeFd() {
        return first.number();
    }

    /**
     * Opens a description. A reader that has met no writer must be opened while there is none, and is claimed after all other
     * descriptions: for the first such reader the description that was opened first is closed.
     */
    @Override
    public Fd claim(Image.Description description) throws ErrnoException {
        if (description.metNoWriter() && reader == null) {
            reader = FileCalls.reopen(location.fd(), Flags.O_RDONLY | Flags.O_NONBLOCK);
            first.close();
        }
        return FileCalls.reopen(location.fd(), description.flags() & Flags.O_ACCMODE | Flags.O_NONBLOCK);
    }

    @Override
    public boolean isNew() {
        return location.isNew();
    }

    @Override
    public void close() {
        first.close();
        if (reader != null) {
            reader.close();
        }
        location.release();
    }
}
