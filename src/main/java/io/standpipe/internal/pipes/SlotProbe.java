// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.Slots;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.SlotLayout;
import io.standpipe.internal.sys.DiscardingRead;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.pipe.ErrnoException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds how the bytes of a pipe lie in its slots. Two cases are recognised by a few calls: a pipe that is full of whole pages, and
 * one of a single slot. In any other the slots are found one by one.
 */
public final class SlotProbe implements AutoCloseable {

    /** The merge room of a pipe without a free slot. */
    public interface MergeRoom {

        /** Returns how many bytes more the pipe's last slot takes, at most {@code mostBytes}. */
        int mergeRoomBytes(int mostBytes) throws ErrnoException;
    }

    private final TeePipe clone = new TeePipe();
    private final DiscardingRead reader = new DiscardingRead();
    private @Nullable SlotWalk walk;

    /**
     * Finds the slots of a pipe.
     *
     * @param fdClone a clone of what is in the pipe, which stays as it is
     * @param capacityBytes the capacity of the pipe; the clone's is no less
     * @param queuedBytes what is in the clone
     * @param mergeRoom of the pipe, asked only if the pipe has no free slot
     * @return null if writing the bytes into an empty pipe would make just these slots
     */
    public @Nullable Slots find(int fdClone, int capacityBytes, long queuedBytes, MergeRoom mergeRoom)
            throws StandpipeException, ErrnoException {
        if (queuedBytes == 0
                || isFullOfPages(fdClone, capacityBytes, queuedBytes)
                || isOneSlot(fdClone, capacityBytes, queuedBytes)) {
            return null;
        }
        List<Slots.Run> runs = walk(fdClone, capacityBytes, queuedBytes);
        int tailEnd = tailEnd(new Slots(0, runs), capacityBytes, mergeRoom);
        Slots written = SlotLayout.written(queuedBytes, PageSize.SIZE_BYTES);
        return runs.equals(written.runs()) && tailEnd == written.tailEndBytes() ? null : new Slots(tailEnd, runs);
    }

    /** Walks until two walks agree if there are packets: a read that is cut short ends as one that meets a packet's end. */
    private List<Slots.Run> walk(int fdClone, int capacityBytes, long queuedBytes) throws StandpipeException, ErrnoException {
        List<Slots.Run> before = List.of();
        while (true) {
            clone.takeFrom(fdClone, capacityBytes);
            List<Slots.Run> runs = walk().walk(clone, capacityBytes, queuedBytes);
            if (runs.equals(before) || !new Slots(0, runs).hasPackets()) {
                return runs;
            }
            before = runs;
        }
    }

    /** Returns whether a pipe holds as many bytes as its slots have room for, and no packet. */
    private boolean isFullOfPages(int fdClone, int capacityBytes, long queuedBytes)
            throws StandpipeException, ErrnoException {
        if (queuedBytes != capacityBytes) {
            return false;
        }
        clone.takeFrom(fdClone, capacityBytes);
        boolean found = SlotWalk.isStream(clone.readFd(), queuedBytes, reader);
        if (!found) {
            clone.empty();
        }
        return found;
    }

    /** Returns whether a pipe with more slots than one holds one that is no packet, to which a write would add. */
    private boolean isOneSlot(int fdClone, int capacityBytes, long queuedBytes) throws StandpipeException, ErrnoException {
        return queuedBytes > 1
                && queuedBytes <= PageSize.SIZE_BYTES
                && capacityBytes >= queuedBytes + PageSize.SIZE_BYTES
                && walk().isOneStreamSlot(fdClone, queuedBytes);
    }

    private SlotWalk walk() throws StandpipeException {
        if (walk == null) {
            walk = new SlotWalk(reader);
        }
        return walk;
    }

    /**
     * Returns where in its page the last slot ends, if a write goes on there; 0 if none does. Only a full pipe shows it; of any
     * other the last slot is taken to be as after a plain write.
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
        int room = mergeRoom.mergeRoomBytes(page - last.lengthBytes());
        return room == 0 ? 0 : page - room;
    }

    @Override
    public void close() {
        clone.close();
        reader.close();
        if (walk != null) {
            walk.close();
        }
    }
}
