// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.DiscardingRead;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ScratchMemory;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;



/**
 * Tells by a few calls, however many slots there are, whether a pipe that is not full holds whole pages and a rest, and no
 * packet. All but the last slot are moved to a pipe that has just so many slots free: it takes no more, and takes so many
 * pages only if each is whole. The last one is moved to a pipe of one slot. A read through each tells that there is no packet.
 */
public final class DenseProbe implements AutoCloseable {

    /** More are walked: the free slots of a pipe are counted out with one-byte slots, which have to be made first. */
    private static final int MOST_SLOTS = 256;

    private static final int FEWEST_SLOTS = 16;

    private final PipePair last = PipePair.ofOneSlot();
    private final DiscardingRead reader;
    private NativeMemory memory = ScratchMemory.take(PageSize.SIZE_BYTES);
    private final Fd nowhere;
    private PipePair pages;
    private PipePair ruler;
    private int slots;
    private boolean refused;

    DenseProbe(DiscardingRead reader) throws StandpipeException {
        this.reader = reader;
        try {
            nowhere = FileCalls.open(FileCalls.CURRENT_FOLDER, "/dev/null", Flags.O_WRONLY, 0);
        } catch (ErrnoException e) {
            last.close();
            throw Failures.of("/dev/null", e);
        }
    }

    /**
     * Takes a clone out of a pipe and looks at it.
     *
     * @param clone where all of it is, and where some may be left
     * @return false also if it is not known
     */
    boolean isDense(int clone, long queuedBytes) throws StandpipeException, ErrnoException {
        long whole = (queuedBytes - 1) / PageSize.SIZE_BYTES;
        int rest = (int) (queuedBytes - whole * PageSize.SIZE_BYTES);
        if (rest == 1 || whole >= MOST_SLOTS || whole > 0 && !makeRoomFor((int) whole)) {
            return false; // Of a slot of one byte a read does not tell whether it is a packet.
        }
        return (whole == 0 || arePages(clone, (int) whole)) && isStream(move(clone, last), rest);
    }

    /**
     * Looks at a pipe with at most a page of bytes, which stays as it is.
     *
     * @return false also if it is not known
     */
    boolean isOneSlot(int source, int queuedBytes) throws ErrnoException {
        return queuedBytes > 1 && isStream(Pipes.tee(source, last.w(), Integer.MAX_VALUE, SPLICE_F_NONBLOCK), queuedBytes);
    }

    /** Whether the pipe of one slot took all the bytes, and they are no packet: of that a read of one byte leaves none. */
    private boolean isStream(long taken, int expected) throws ErrnoException {
        boolean stream = taken == expected
                && PipeCalls.read(last.r(), memory, 0, 1) == 1
                && PipeCalls.read(last.r(), memory, 0, PageSize.SIZE_BYTES) == expected - 1;
        if (!stream) {
            drain(last);
        }
        return stream;
    }

    private static long move(int clone, PipePair to) throws ErrnoException {
        return Pipes.splice(clone, to.w(), Integer.MAX_VALUE, SPLICE_F_NONBLOCK);
    }

    private boolean arePages(int clone, int whole) throws StandpipeException, ErrnoException {
        long bytes = (long) whole * PageSize.SIZE_BYTES;
        int taken = slots - whole;
        boolean pagesOnly = Pipes.tee(ruler.r(), pages.w(), taken, SPLICE_F_NONBLOCK) == taken && move(clone, pages) == bytes;
        boolean through = pagesOnly
                && reader.read(pages.r(), taken + bytes - 1) == taken + bytes - 1
                && Pipes.queuedBytes(pages.r()) == 1;
        drain(pages);
        return through;
    }

    private void drain(PipePair passage) throws ErrnoException {
        if (Pipes.queuedBytes(passage.r()) > 0) {
            Pipes.splice(passage.r(), nowhere.number(), Integer.MAX_VALUE, SPLICE_F_NONBLOCK);
        }
    }

    /**
     * Makes the pipe and its ruler large enough; there is one slot more than is to be free, since no ruler is of no length.
     *
     * @return false if a limit does not allow it, or did not before
     */
    private boolean makeRoomFor(int whole) throws StandpipeException, ErrnoException {
        if (whole < slots) {
            return true;
        }
        if (refused) {
            return false;
        }
        closePipes();
        slots = 0;
        int wanted = Math.max(FEWEST_SLOTS, Integer.highestOneBit(whole) * 2);
        try {
            pages = PipePair.ofCapacity(wanted * PageSize.SIZE_BYTES);
            ruler = PipePair.ofCapacity(wanted * PageSize.SIZE_BYTES);
            makeRuler(wanted);
            slots = wanted;
            return true;
        } catch (UnavailableException e) {
            refused = true;
            return false;
        }
    }

    private void makeRuler(int length) throws StandpipeException, ErrnoException {
        try (PipePair one = PipePair.ofOneSlot()) {
            FileCalls.write(one.w(), memory, 0, 1);
            for (int i = 0; i < length; i++) {
                Pipes.tee(one.r(), ruler.w(), 1, SPLICE_F_NONBLOCK);
            }
        }
    }

    private void closePipes() {
        if (pages != null) {
            pages.close();
        }
        if (ruler != null) {
            ruler.close();
        }
    }

    @Override
    public void close() {
        closePipes();
        last.close();
        nowhere.close();
        ScratchMemory.giveBack(memory);
        memory = null;
    }
}
