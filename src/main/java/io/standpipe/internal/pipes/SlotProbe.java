// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.StandpipeException;
import io.standpipe.internal.checkpoint.SavedPipe;
import io.standpipe.internal.format.SlotsRecord;
import io.standpipe.internal.sys.DiscardingRead;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.util.List;

/**
 * Tells how the bytes of a pipe lie in its slots. A pipe that is full of whole pages is recognised by its numbers, and a read of
 * a second clone tells that there is no packet; one of whole pages and a rest by a {@link DenseProbe}; any other is walked slot by
 * slot.
 */
public final class SlotProbe implements AutoCloseable {

    private final TeePipe second = new TeePipe();
    private final DiscardingRead reader = new DiscardingRead();
    private DenseProbe dense;
    private SlotWalk walk;

    /**
     * The slots of a pipe.
     *
     * @param clone where what was taken from it can be read, and stays as it is
     * @param capacityBytes of the pipe; the clone's is no less
     * @return null if writing the bytes would have made just these slots
     */
    public SlotsRecord find(SavedPipe pipe, int clone, int capacityBytes, long queuedBytes)
            throws StandpipeException, ErrnoException {
        if (queuedBytes == 0) {
            return null;
        }
        if (isFullOfPages(capacityBytes, queuedBytes) && hasNoPacket(clone, capacityBytes, queuedBytes)) {
            return null;
        }
        if (!isFullBySlots(capacityBytes, queuedBytes) && isDense(clone, capacityBytes, queuedBytes)) {
            return null;
        }
        second.takeFrom(clone, capacityBytes);
        if (walk == null) {
            walk = new SlotWalk();
        }
        return record(pipe, walk.walk(second.readEnd()), capacityBytes, queuedBytes);
    }

    private static SlotsRecord record(
            SavedPipe pipe, List<SlotsRecord.Run> runs, int capacityBytes, long queuedBytes) throws ErrnoException {
        SlotsRecord found = new SlotsRecord(pipe.objref(), 0, runs);
        int tailEnd = tailEnd(pipe, found, capacityBytes);
        SlotsRecord written = SlotsRecord.written(pipe.objref(), queuedBytes, PageSize.SIZE_BYTES);
        if (runs.equals(written.runs()) && tailEnd == written.tailEnd()) {
            return null;
        }
        return new SlotsRecord(pipe.objref(), tailEnd, runs);
    }

    /** As many bytes as whole pages fit in: no slot can be less, unless another is larger than a page. */
    private static boolean isFullOfPages(int capacityBytes, long queuedBytes) {
        return queuedBytes == capacityBytes;
    }

    /** Whether whole pages and a rest would leave no slot: then the last one may take more, or not. */
    private static boolean isFullBySlots(int capacityBytes, long queuedBytes) {
        return queuedBytes > capacityBytes - PageSize.SIZE_BYTES;
    }

    private boolean isDense(int clone, int capacityBytes, long queuedBytes) throws StandpipeException, ErrnoException {
        if (dense == null) {
            dense = new DenseProbe(reader);
        }
        if (queuedBytes <= PageSize.SIZE_BYTES) {
            return dense.isOneSlot(clone, (int) queuedBytes);
        }
        second.takeFrom(clone, capacityBytes);
        boolean found = dense.isDense(second.readEnd(), queuedBytes);
        if (!found) {
            second.empty();
        }
        return found;
    }

    /** Every slot is a whole page: a read of all but one byte goes through to the last, unless a packet ends it. */
    private boolean hasNoPacket(int clone, int capacityBytes, long queuedBytes) throws StandpipeException, ErrnoException {
        second.takeFrom(clone, capacityBytes);
        boolean through = reader.read(second.readEnd(), queuedBytes - 1) == queuedBytes - 1
                && Pipes.queuedBytes(second.readEnd()) == 1;
        if (through) {
            reader.read(second.readEnd(), 1);
        } else {
            second.empty();
        }
        return through;
    }

    /**
     * Where in its page the last slot ends, if a write goes on there. Only a full pipe tells: of any other it is taken to
     * be as after a plain write.
     */
    private static int tailEnd(SavedPipe pipe, SlotsRecord slots, int capacityBytes) throws ErrnoException {
        SlotsRecord.Run last = slots.runs().get(slots.runs().size() - 1);
        int page = PageSize.SIZE_BYTES;
        if (last.packet() || last.lengthBytes() >= page) {
            return 0;
        }
        if (slots.count() * page < capacityBytes) {
            return last.lengthBytes();
        }
        if (!MergeRoomProbe.isSupported()) {
            return slots.count() == slots.totalBytes() / page + 1 ? last.lengthBytes() : 0;
        }
        int room = pipe.tailRoomBytes(page - last.lengthBytes());
        return room == 0 ? 0 : page - room;
    }

    @Override
    public void close() {
        second.close();
        reader.close();
        if (dense != null) {
            dense.close();
        }
        if (walk != null) {
            walk.close();
        }
    }
}
