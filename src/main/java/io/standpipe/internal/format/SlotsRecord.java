// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Slots;
import java.io.IOException;
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
public record SlotsRecord(int pipeObjref, Slots slots) implements ImageRecord {

    private static final int OBJREF_OFFSET = 8;
    private static final int TAIL_END_OFFSET = 12;
    private static final int RUNS_OFFSET = 16;
    private static final int RUN_LENGTH = 8;

    /** No PIPE_BUF is longer. */
    private static final long MOST_BYTES = 0xFFFF_FFFFL;
    private static final int PACKET = 1 << 31;
    private static final int MOST_RUNS = (RecordCursor.MAX_RECORD_BYTES - RUNS_OFFSET) / RUN_LENGTH;

    /** Returns whether there are too many runs for one record. */
    public static boolean isTooLong(Slots slots) {
        return slots.runs().size() > MOST_RUNS;
    }

    @Override
    public void encode(ImageWriter to) throws IOException {
        to.begin(RecordType.SLOTS, RUNS_OFFSET + RUN_LENGTH * slots.runs().size());
        to.putInts(OBJREF_OFFSET, pipeObjref, slots.tailEndBytes());
        int at = RUNS_OFFSET;
        for (Slots.Run run : slots.runs()) {
            to.putInts(at, run.lengthBytes(), run.count() | (run.packet() ? PACKET : 0));
            at += RUN_LENGTH;
        }
    }

    /** @param pageSizeBytes of the machine that wrote */
    static SlotsRecord decode(RecordCursor record, int pageSizeBytes) throws MalformedImageException {
        record.expectAtLeast(RUNS_OFFSET);
        long runsBytes = record.lengthBytes() - RUNS_OFFSET;
        if (runsBytes % RUN_LENGTH != 0) {
            throw record.malformed("length", Long.toString(record.lengthBytes()), RUNS_OFFSET + " and a multiple of " + RUN_LENGTH);
        }
        List<Slots.Run> runs = new ArrayList<>();
        long total = 0;
        for (int at = RUNS_OFFSET; at < record.lengthBytes(); at += RUN_LENGTH) {
            int length = record.positive(at, "slot length");
            int count = record.s32(at + Integer.BYTES);
            boolean packet = count < 0;
            if ((count & ~PACKET) == 0) {
                throw record.malformed("slot count", "0", "a positive number");
            }
            if (packet && length > pageSizeBytes) {
                throw record.malformed("packet length", Integer.toString(length), "at most a page, " + pageSizeBytes);
            }
            Slots.Run run = new Slots.Run(length, count & ~PACKET, packet);
            total += run.totalBytes();
            if (total > MOST_BYTES) {
                throw record.malformed("sum of the slots", Long.toString(total), "at most " + MOST_BYTES);
            }
            runs.add(run);
        }
        int objref = record.positive(OBJREF_OFFSET, "pipe_objref");
        Slots slots = new Slots(record.notNegative(TAIL_END_OFFSET, "tail_end"), runs);
        checkTail(slots, record, pageSizeBytes);
        return new SlotsRecord(objref, slots);
    }

    private static void checkTail(Slots slots, RecordCursor record, int pageSizeBytes) throws MalformedImageException {
        int tailEnd = slots.tailEndBytes();
        if (tailEnd == 0) {
            return;
        }
        List<Slots.Run> runs = slots.runs();
        Slots.Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        if (last == null || last.packet() || tailEnd < last.lengthBytes() || tailEnd >= pageSizeBytes) {
            throw record.malformed(
                    "tail_end", Integer.toString(tailEnd),
                    "0, or from the length of the last slot, which is no packet, to below a page");
        }
    }
}
