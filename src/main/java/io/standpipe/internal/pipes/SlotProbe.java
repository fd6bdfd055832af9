// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.Slots;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.DiscardingRead;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells how the bytes of a pipe lie in its slots. A pipe that is full of whole pages is recognised by its numbers, and a read of
 * a second clone tells that there is no packet; one of whole pages and a rest by a {@link DenseProbe}; any other is walked slot by
 * slot.
 */
public final class SlotProbe implements AutoCloseable {

    /** The merge room of a pipe without a free slot: how many bytes more its last slot takes. */
    public interface MergeRoom {

        /** Returns it, or {@code most} if it is more. */
        int bytes(int most) throws ErrnoException;
    }

    private final TeePipe second = new TeePipe();
    private final DiscardingRead reader = new DiscardingRead();
    private DenseProbe dense;
    private SlotWalk walk;

    /**
     * Returns the slots of a pipe, or null if writing the bytes would have made just these slots.
     *
     * @param clone where what was taken from it can be read, and stays as it is
     * @param capacityBytes of the pipe; the clone's is no less
     * @param mergeRoom of the pipe, asked only where the pipe has no free slot
     */
    public @Nullable Slots find(int clone, int capacityBytes, long queuedBytes, MergeRoom mergeRoom)
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
        return slots(walk.walk(second.readEnd()), capacityBytes, queuedBytes, mergeRoom);
    }

    private static @Nullable Slots slots(
            List<Slots.Run> runs, int capacityBytes, long queuedBytes, MergeRoom mergeRoom) throws ErrnoException {
        int tailEnd = tailEnd(new Slots(0, runs), capacityBytes, mergeRoom);
        Slots written = Slots.written(queuedBytes, PageSize.SIZE_BYTES);
        return runs.equals(written.runs()) && tailEnd == written.tailEnd() ? null : new Slots(tailEnd, runs);
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
    private static int tailEnd(Slots slots, int capacityBytes, MergeRoom mergeRoom) throws ErrnoException {
        Slots.Run last = slots.runs().get(slots.runs().size() - 1);
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
        int room = mergeRoom.bytes(page - last.lengthBytes());
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
