// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.Slots;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.DiscardingRead;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.ScratchMemory;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Finds the slots of a clone. A splice into a pipe of one page moves exactly one slot, and returns its length. Which slots are
 * packets is found by reading: a read ends where a packet ends.
 */
final class SlotWalk implements AutoCloseable {

    private static final String WHAT = "a pipe to look at slots with";

    private final PipePair oneSlot = PipePair.ofOneSlot(WHAT);
    private final DiscardingRead reader;

    SlotWalk(DiscardingRead reader) throws StandpipeException {
        this.reader = reader;
    }

    /**
     * Returns whether a clone is one slot, and no packet. The clone stays as it is.
     *
     * @param queuedBytes above 1: whether a slot of one byte is a packet, reads do not show
     */
    boolean isOneStreamSlot(int fdClone, long queuedBytes) throws ErrnoException {
        boolean found = Pipes.tee(fdClone, oneSlot.writeFd(), queuedBytes, SPLICE_F_NONBLOCK) == queuedBytes
                && isStream(oneSlot.readFd(), queuedBytes, reader);
        if (!found) {
            oneSlot.drain();
        }
        return found;
    }

    /**
     * Reads all that is in a pipe, and returns whether there was no packet in it: a read ends where a packet ends, and a read of
     * less than a packet discards the packet's rest.
     *
     * @param fdRead its description has O_NONBLOCK
     */
    static boolean isStream(int fdRead, long queuedBytes, DiscardingRead reader) throws ErrnoException {
        return reader.read(fdRead, queuedBytes - 1) == queuedBytes - 1 && reader.read(fdRead, 1) == 1;
    }

    /**
     * Finds all slots of a clone, which is empty afterwards.
     *
     * @param capacityBytes the capacity of the pipe that was cloned; the clone's is no less
     */
    List<Slots.Run> walk(TeePipe clone, int capacityBytes, long queuedBytes)
            throws StandpipeException, ErrnoException {
        List<Long> lengths = new ArrayList<>();
        boolean lastIsApart = false;
        for (long left = queuedBytes; left > 0; ) {
            long lengthBytes = moveSlot(clone.readFd(), oneSlot.writeFd());
            lengths.add(lengthBytes);
            left -= lengthBytes;
            // Put back behind the others. In a full pipe the last one would leave no free slot for reading.
            lastIsApart = left <= 0 && lengths.size() * (long) PageSize.SIZE_BYTES >= capacityBytes;
            if (!lastIsApart) {
                moveSlot(oneSlot.readFd(), clone.writeFd());
            }
        }
        BitSet packets = new BitSet();
        int together = lastIsApart ? lengths.size() - 1 : lengths.size();
        findPackets(clone, lengths, 0, together, packets);
        if (lastIsApart) {
            moveSlot(oneSlot.readFd(), clone.writeFd());
            findPackets(clone, lengths, together, lengths.size(), packets);
        }
        return runs(lengths, packets);
    }

    private static long moveSlot(int fdIn, int fdOut) throws StandpipeException, ErrnoException {
        return required(Pipes.splice(fdIn, fdOut, Integer.MAX_VALUE, SPLICE_F_NONBLOCK));
    }

    /** Reads the slots {@code from} to {@code to - 1}, which are all that the clone holds. */
    private void findPackets(TeePipe clone, List<Long> lengths, int from, int to, BitSet packets)
            throws StandpipeException, ErrnoException {
        writeByte(clone.writeFd()); // The last slot is a packet if a read does not take this byte with it.
        long totalBytes = 1;
        for (long lengthBytes : lengths.subList(from, to)) {
            totalBytes += lengthBytes;
        }
        long slotEnd = 0;
        int slot = from;
        for (long readBytes = 0; readBytes < totalBytes; ) {
            readBytes += required(reader.read(clone.readFd(), totalBytes - readBytes));
            while (slot < to && slotEnd < readBytes) {
                slotEnd += lengths.get(slot++);
            }
            if (slotEnd == readBytes) {
                packets.set(slot - 1);
            }
        }
    }

    private static void writeByte(int fd) throws StandpipeException, ErrnoException {
        NativeMemory memory = ScratchMemory.take(1);
        try {
            required(FileCalls.write(fd, memory, 0, 1));
        } finally {
            ScratchMemory.giveBack(memory);
        }
    }

    private static long required(long result) throws StandpipeException {
        if (result <= 0) {
            throw new StandpipeException(WHAT + ": it is short of a slot");
        }
        return result;
    }

    private static List<Slots.Run> runs(List<Long> lengths, BitSet packets) {
        List<Slots.Run> runs = new ArrayList<>();
        for (int from = 0, to = 0; from < lengths.size(); from = to) {
            while (to < lengths.size() && lengths.get(to).equals(lengths.get(from)) && packets.get(to) == packets.get(from)) {
                to++;
            }
            runs.add(new Slots.Run(Math.toIntExact(lengths.get(from)), to - from, packets.get(from)));
        }
        return runs;
    }

    @Override
    public void close() {
        oneSlot.close();
    }
}
