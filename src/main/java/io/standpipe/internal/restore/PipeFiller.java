// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.StandpipeException;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.ScratchMemory;
import io.standpipe.pipe.ErrnoException;





/**
 * Puts payload back into an empty pipe, slot by slot as it lay. Slots that are whole pages of the image go there by splice,
 * many at once; the last one, where later writes go on in it, and packets are written; any other slot, which must not merge
 * with its neighbours, is spliced if it lies within a page of the image, and otherwise put together in a pipe beside.
 */
public final class PipeFiller implements AutoCloseable {

    /** The capacity of a new pipe, unless its user has too many; the kernel's PIPE_DEF_BUFFERS. */
    private static final int NEW_PIPE_BYTES = 16 * PageSize.SIZE_BYTES;

    private final PayloadSource source;
    private final boolean copying;
    private SlotBuilder maker;
    private NativeMemory memory;

    /** @param copying write everything, so that the pipe shares no memory with the image */
    PipeFiller(PayloadSource source, boolean copying) {
        this.source = source;
        this.copying = copying;
    }

    /**
     * Whether a new pipe that takes the contents has the capacity of the saved one: no new pipe has more than the usual
     * number of slots, and the contents, which go there without waiting, need them all.
     */
    boolean showCapacity(Image.Pipe saved) {
        return saved.slots() == null
                && isSpliced(saved.payloadOffsetBytes())
                && saved.payloadBytes() == NEW_PIPE_BYTES
                && saved.capacityBytes() == NEW_PIPE_BYTES;
    }

    /** Fills a pipe that has room for all of it, and leaves its status flags cleared. */
    void fill(int pipe, Image.Pipe saved) throws StandpipeException, ErrnoException {
        source.begin(saved);
        if (saved.slots() == null) {
            fillWritten(pipe, saved.payloadOffsetBytes(), saved.payloadBytes());
            return;
        }
        Slots slots = SlotPlan.of(saved);
        FdCalls.setStatusFlags(pipe, Flags.O_NONBLOCK | (slots.hasPackets() ? Flags.oDirect() : 0));
        long offset = saved.payloadOffsetBytes();
        long end = offset + saved.payloadBytes();
        for (Slots.Run run : slots.runs()) {
            boolean last = offset + (long) run.lengthBytes() * run.count() == end;
            offset = put(pipe, run, offset, last ? slots.tailEnd() : 0, slots.hasPackets());
        }
        FdCalls.setStatusFlags(pipe, 0);
    }

    /** Fills a pipe as one write does: whole pages, and a rest in which a write goes on. */
    private void fillWritten(int pipe, long from, long lengthBytes) throws StandpipeException, ErrnoException {
        long end = from + lengthBytes;
        long offset = from;
        long pages = lengthBytes / PageSize.SIZE_BYTES * PageSize.SIZE_BYTES;
        if (pages > 0 && isSpliced(from)) {
            source.splice(pipe, from, pages);
            offset += pages;
        }
        while (offset < end) {
            int length = (int) Math.min(PageSize.SIZE_BYTES, end - offset);
            write(pipe, offset, length);
            offset += length;
        }
    }

    /** Whether whole pages from there on are spliced. */
    private boolean isSpliced(long offset) {
        return !copying && offset % PageSize.SIZE_BYTES == 0;
    }

    /**
     * @param tailEnd of the last slot of the run; 0 if no write is to go on in it
     * @param packets whether what is written becomes packets
     */
    private long put(int pipe, Slots.Run run, long from, int tailEnd, boolean packets)
            throws StandpipeException, ErrnoException {
        int length = run.lengthBytes();
        long offset = from;
        if (isSpliced(offset) && !run.packet() && length == PageSize.SIZE_BYTES) {
            source.splice(pipe, offset, (long) length * run.count());
            return offset + (long) length * run.count();
        }
        for (int i = 1; i <= run.count(); i++) {
            int end = i == run.count() ? tailEnd : 0;
            if (packets ? run.packet() : length == PageSize.SIZE_BYTES || end == length) {
                write(pipe, offset, length);
            } else if (end > 0) {
                maker().move(load(offset, length), length, end - length, pipe);
            } else if (!copying && isWithinPage(offset, length)) {
                source.splice(pipe, offset, length);
            } else {
                maker().clone(load(offset, length), length, pipe);
            }
            offset += length;
        }
        return offset;
    }

    private static boolean isWithinPage(long offset, int length) {
        return offset / PageSize.SIZE_BYTES == (offset + length - 1) / PageSize.SIZE_BYTES;
    }

    private void write(int pipe, long offset, int length) throws StandpipeException, ErrnoException {
        long written = FileCalls.write(pipe, load(offset, length), 0, length);
        if (written != length) {
            throw new StandpipeException("pipe took " + Math.max(0, written) + " of " + length + " bytes (EPIPE)");
        }
    }

    private NativeMemory load(long offset, int length) throws StandpipeException {
        if (memory == null) {
            memory = ScratchMemory.take(PageSize.SIZE_BYTES);
        }
        source.read(offset, memory, length);
        return memory;
    }

    private SlotBuilder maker() throws StandpipeException {
        if (maker == null) {
            maker = new SlotBuilder();
        }
        return maker;
    }

    @Override
    public void close() {
        ScratchMemory.giveBack(memory);
        memory = null;
        if (maker != null) {
            maker.close();
        }
    }
}
