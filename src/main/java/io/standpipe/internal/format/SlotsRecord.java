// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.util.ArrayList;
import java.util.List;

/**
 * SLOTS (extension): how the bytes of a pipe lie in its slots (the kernel's pipe buffers), where that is not what writing
 * them all into an empty pipe would have made. Stands before the PIPE_BUF of its pipe.
 *
 * <pre>
 *   8  s32 pipe_objref
 *  12  u32 tail_end      where in its page the last slot ends, if a write goes on there; 0 if none does
 *  16  u32 length[0]     bytes of a slot, above 0
 *  20  u32 count[0]      bits 0 to 30: so many slots like this, above 0; bit 31: each is a packet
 *  24  ...
 * </pre>
 */
public record SlotsRecord(int pipeObjref, int tailEnd, List<Run> runs) implements ImageRecord {

    /**
     * Slots of one length.
     *
     * @param packet whether a read takes one of them and no more (made by a write with O_DIRECT)
     */
    public record Run(int lengthBytes, int count, boolean packet) {

        long totalBytes() {
            return (long) lengthBytes * count;
        }

        /** By code of its own: JDK 17 never lets go of the class of a record that generated code has compared. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Run
                    && ((Run) other).lengthBytes == lengthBytes
                    && ((Run) other).count == count
                    && ((Run) other).packet == packet;
        }

        @Override
        public int hashCode() {
            return 31 * lengthBytes + count;
        }
    }

    static final int OBJREF_OFFSET = 8;
    static final int TAIL_END_OFFSET = 12;
    static final int RUNS_OFFSET = 16;
    static final int RUN_LENGTH = 8;

    /** No PIPE_BUF is longer. */
    private static final long MOST_BYTES = 0xFFFF_FFFFL;
    private static final int PACKET = 1 << 31;
    private static final int MOST_RUNS = (RecordCursor.MAX_RECORD_BYTES - RUNS_OFFSET) / RUN_LENGTH;

    public SlotsRecord {
        runs = List.copyOf(runs);
    }

    /** The slots that a pipe has after bytes were written into it while it was empty: whole pages, and the rest. */
    public static SlotsRecord written(int pipeObjref, long lengthBytes, int pageSizeBytes) {
        List<Run> runs = new ArrayList<>(2);
        if (lengthBytes >= pageSizeBytes) {
            runs.add(new Run(pageSizeBytes, Math.toIntExact(lengthBytes / pageSizeBytes), false));
        }
        int rest = (int) (lengthBytes % pageSizeBytes);
        if (rest > 0) {
            runs.add(new Run(rest, 1, false));
        }
        return new SlotsRecord(pipeObjref, rest, runs);
    }

    /** Whether there are too many runs for one record. */
    public boolean isTooLong() {
        return runs.size() > MOST_RUNS;
    }

    /** How many slots there are. */
    public long count() {
        long count = 0;
        for (Run run : runs) {
            count += run.count();
        }
        return count;
    }

    /** How many bytes are in them. */
    public long totalBytes() {
        long total = 0;
        for (Run run : runs) {
            total += run.totalBytes();
        }
        return total;
    }

    /** How many bytes are in the longest of them; 0 if there are none. */
    public int longestBytes() {
        int longest = 0;
        for (Run run : runs) {
            longest = Math.max(longest, run.lengthBytes());
        }
        return longest;
    }

    /** Whether any of them is a packet. */
    public boolean hasPackets() {
        for (Run run : runs) {
            if (run.packet()) {
                return true;
            }
        }
        return false;
    }

    /** Where in a page the bytes should begin so that the first slot that fills a page fills one of the image. */
    public int phase(int pageSizeBytes) {
        long before = 0;
        for (Run run : runs) {
            if (run.lengthBytes() == pageSizeBytes && !run.packet()) {
                return (int) Math.floorMod(-before, (long) pageSizeBytes);
            }
            before += run.totalBytes();
        }
        return 0;
    }

    @Override
    public int type() {
        return RecordType.SLOTS;
    }

    @Override
    public int lengthBytes() {
        return RUNS_OFFSET + RUN_LENGTH * runs.size();
    }

    @Override
    public void encodeBody(RecordFields record) {
        record.putInt(OBJREF_OFFSET, pipeObjref);
        record.putInt(TAIL_END_OFFSET, tailEnd);
        int at = RUNS_OFFSET;
        for (Run run : runs) {
            record.putInt(at, run.lengthBytes());
            record.putInt(at + Integer.BYTES, run.count() | (run.packet() ? PACKET : 0));
            at += RUN_LENGTH;
        }
    }

    /** @param pageSizeBytes of the machine that wrote */
    static SlotsRecord decode(RecordReader view, int pageSizeBytes) throws MalformedImageException {
        view.expectAtLeast(RUNS_OFFSET);
        long runsBytes = view.lengthBytes() - RUNS_OFFSET;
        if (runsBytes % RUN_LENGTH != 0) {
            throw view.malformed("length", Long.toString(view.lengthBytes()), RUNS_OFFSET + " and a multiple of " + RUN_LENGTH);
        }
        List<Run> runs = new ArrayList<>();
        long total = 0;
        for (int at = RUNS_OFFSET; at < view.lengthBytes(); at += RUN_LENGTH) {
            int length = view.positive(at, "slot length");
            int count = view.s32(at + Integer.BYTES);
            boolean packet = count < 0;
            if ((count & ~PACKET) == 0) {
                throw view.malformed("slot count", "0", "a positive number");
            }
            if (packet && length > pageSizeBytes) {
                throw view.malformed("packet length", Integer.toString(length), "at most a page, " + pageSizeBytes);
            }
            Run run = new Run(length, count & ~PACKET, packet);
            total += run.totalBytes();
            if (total > MOST_BYTES) {
                throw view.malformed("sum of the slots", Long.toString(total), "at most " + MOST_BYTES);
            }
            runs.add(run);
        }
        SlotsRecord slots = new SlotsRecord(
                view.positive(OBJREF_OFFSET, "pipe_objref"), view.notNegative(TAIL_END_OFFSET, "tail_end"), runs);
        slots.checkTail(view, pageSizeBytes);
        return slots;
    }

    private void checkTail(RecordReader view, int pageSizeBytes) throws MalformedImageException {
        if (tailEnd == 0) {
            return;
        }
        Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        if (last == null || last.packet() || tailEnd < last.lengthBytes() || tailEnd >= pageSizeBytes) {
            throw view.malformed(
                    "tail_end", Integer.toString(tailEnd),
                    "0, or from the length of the last slot, which is no packet, to below a page");
        }
    }
}
