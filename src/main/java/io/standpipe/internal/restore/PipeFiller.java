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
import org.jspecify.annotations.Nullable;

/**
 * Puts payload back into an empty pipe, slot by slot as it lay. Slots that are whole pages of the image are spliced, many at
 * once. Packets, and the last slot if later writes merge into it, are written. Any other slot must not merge with its
 * neighbours: it is spliced if it lies within a page of the image, and otherwise built in a second pipe.
 */
final class PipeFiller implements AutoCloseable {

    /** The capacity of a new pipe, unless its user has too many; the kernel's PIPE_DEF_BUFFERS. */
    private static final int NEW_PIPE_BYTES = 16 * PageSize.SIZE_BYTES;

    private final PayloadSource source;
    private final boolean copying;
    private @Nullable SlotBuilder builder;
    private @Nullable NativeMemory memory;

    /** @param copying whether everything is written, so that the pipe shares no memory with the image */
    PipeFiller(PayloadSource source, boolean copying) {
        this.source = source;
        this.copying = copying;
    }

    /**
     * Returns whether a new pipe that takes the contents has the saved capacity: no new pipe has more than the usual number of
     * slots, and the contents, which are spliced without waiting, need all of them.
     */
    boolean provesCapacity(Image.Pipe saved) {
        return saved.slots() == null
                && isSpliced(saved.payloadOffsetBytes())
                && saved.payloadBytes() == NEW_PIPE_BYTES
                && saved.capacityBytes() == NEW_PIPE_BYTES;
    }

    /** Fills a pipe that has room for everything, and leaves its status flags cleared. */
    void fill(int pipe, Image.Pipe saved) throws StandpipeException, ErrnoException {
        source.begin(saved);
        if (saved.slots() == null) {
            fillAsWritten(pipe, saved.payloadOffsetBytes(), saved.payloadBytes());
            return;
        }
        Slots slots = SlotPlan.of(saved);
        FdCalls.setStatusFlags(pipe, Flags.O_NONBLOCK | (slots.hasPackets() ? Flags.oDirect() : 0));
        long offset = saved.payloadOffsetBytes();
        long end = offset + saved.payloadBytes();
        for (Slots.Run run : slots.runs()) {
            boolean last = offset + run.totalBytes() == end;
            fill(pipe, run, offset, last ? slots.tailEndBytes() : 0, slots.hasPackets());
            offset += run.totalBytes();
        }
        FdCalls.setStatusFlags(pipe, 0);
    }

    /** Fills a pipe as one write does: with whole pages, and a rest into which later writes merge. */
    private void fillAsWritten(int pipe, long from, long lengthBytes) throws StandpipeException, ErrnoException {
        long end = from + lengthBytes;
        long offset = from;
        long pagesBytes = lengthBytes / PageSize.SIZE_BYTES * PageSize.SIZE_BYTES;
        if (pagesBytes > 0 && isSpliced(from)) {
            source.splice(pipe, from, pagesBytes);
            offset += pagesBytes;
        }
        while (offset < end) {
            int length = (int) Math.min(PageSize.SIZE_BYTES, end - offset);
            write(pipe, offset, length);
            offset += length;
        }
    }

    /** Returns whether whole pages from this offset on are spliced. */
    private boolean isSpliced(long offset) {
        return !copying && offset % PageSize.SIZE_BYTES == 0;
    }

    /**
     * Fills the slots of one run.
     *
     * @param tailEnd where in its page the last slot of the run ends; 0 if later writes do not merge into it
     * @param packetMode whether what is written to the pipe becomes packets
     */
    private void fill(int pipe, Slots.Run run, long from, int tailEnd, boolean packetMode)
            throws StandpipeException, ErrnoException {
        int length = run.lengthBytes();
        if (isSpliced(from) && !run.packet() && length == PageSize.SIZE_BYTES) {
            source.splice(pipe, from, run.totalBytes());
            return;
        }
        for (int i = 0; i < run.count(); i++) {
            long offset = from + (long) i * length;
            int end = i == run.count() - 1 ? tailEnd : 0;
            if (packetMode ? run.packet() : length == PageSize.SIZE_BYTES || end == length) {
                write(pipe, offset, length);
            } else if (end > 0) {
                builder().appendOpen(load(offset, length), length, end - length, pipe);
            } else if (!copying && isWithinPage(offset, length)) {
                source.splice(pipe, offset, length);
            } else {
                builder().appendClosed(load(offset, length), length, pipe);
            }
        }
    }

    private static boolean isWithinPage(long offset, int length) {
        return offset / PageSize.SIZE_BYTES == (offset + length - 1) / PageSize.SIZE_BYTES;
    }

    private void write(int pipe, long offset, int length) throws StandpipeException, ErrnoException {
        long written = FileCalls.write(pipe, load(offset, length), 0, length);
        if (written != length) {
            throw new StandpipeException("pipe took " + Math.max(0, written) + " of " + length + " bytes");
        }
    }

    private NativeMemory load(long offset, int length) throws StandpipeException {
        if (memory == null) {
            memory = ScratchMemory.take(PageSize.SIZE_BYTES);
        }
        source.read(offset, memory, length);
        return memory;
    }

    private SlotBuilder builder() throws StandpipeException {
        if (builder == null) {
            builder = new SlotBuilder();
        }
        return builder;
    }

    @Override
    public void close() {
        ScratchMemory.giveBack(memory);
        memory = null;
        if (builder != null) {
            builder.close();
        }
    }
}
