// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Slots;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.SlotLayout;
import io.standpipe.internal.pipes.PipeCapacity;
import io.standpipe.internal.pipes.SlotProbe;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Copies of what clones held when they were made, out of which clones are built that share no page with their sources: vmsplice,
 * splice and sendfile put pages into a pipe that their owner may change as soon as the reader has taken them.
 */
final class CopiedClones implements AutoCloseable {

    /** So much is copied in less time than it takes to freeze a few processes. */
    private static final long LITTLE_BYTES = 1 << 20;

    private @Nullable Fd through;
    private int throughBytes;
    private final SlotProbe probe = new SlotProbe();

    /** Returns whether pipes hold so little, however full they get, that copying it is not felt. */
    static boolean areSmall(Collection<OpenPipe> pipes) throws StandpipeException {
        long leftBytes = LITTLE_BYTES;
        for (OpenPipe pipe : pipes) {
            try {
                leftBytes -= Pipes.capacityBytes(pipe.fd());
            } catch (ErrnoException e) {
                throw Failures.of(pipe.toString(), e);
            }
            if (leftBytes < 0) {
                return false;
            }
        }
        return true;
    }

    /** Has an operation copy a pipe of this capacity. The memory is touched now, since that takes longer than the copying. */
    void prepare(TeeBatch batch, int index, int capacityBytes) throws StandpipeException, ErrnoException {
        if (through == null) {
            through = CloneSet.empty(capacityBytes);
            throughBytes = capacityBytes;
        } else if (throughBytes < capacityBytes) {
            PipeCapacity.set(through.number(), capacityBytes, "a pipe to copy through");
            throughBytes = capacityBytes;
        }
        batch.copy(index, through.number(), NativeMemory.nativeOrder(capacityBytes));
    }

    /**
     * Builds a clone with the bytes that were copied, in the slots of the clone that was taken, which is closed. A slot larger than a
     * page, which comes out of a socket and no program can write to, cannot be built: then the clone stays.
     */
    Fd rebuild(NativeMemory copied, int lengthBytes, Fd clone, int capacityBytes) throws StandpipeException {
        try {
            return build(copied, lengthBytes, clone, capacityBytes);
        } catch (ErrnoException e) {
            throw Failures.of("a copied clone", e);
        }
    }

    private Fd build(NativeMemory copied, int lengthBytes, Fd clone, int capacityBytes) throws StandpipeException, ErrnoException {
        Slots found = probe.find(clone.number(), capacityBytes, lengthBytes, most -> most);
        Slots slots = found == null ? SlotLayout.written(lengthBytes, PageSize.SIZE_BYTES) : found;
        if (SlotLayout.longestBytes(slots) > PageSize.SIZE_BYTES) {
            return clone;
        }
        Fd built = CloneSet.empty(capacityBytes);
        boolean complete = false;
        try {
            if (found == null) {
                check(FileCalls.write(built.number(), copied, 0, lengthBytes), lengthBytes);
            } else {
                appendAll(slots, copied, built);
            }
            complete = true;
            clone.close();
            return built;
        } finally {
            if (!complete) {
                built.close();
            }
        }
    }

    private static void appendAll(Slots slots, NativeMemory copied, Fd built) throws StandpipeException, ErrnoException {
        try (Fd oneSlot = CloneSet.empty(PageSize.SIZE_BYTES)) {
            long done = 0;
            for (Slots.Run run : slots.runs()) {
                FdCalls.setStatusFlags(oneSlot.number(), Flags.O_NONBLOCK | (run.packet() ? Flags.oDirect() : 0));
                for (int i = 0; i < run.count(); i++) {
                    append(copied, done, run.lengthBytes(), oneSlot, built);
                    done += run.lengthBytes();
                }
            }
        }
    }

    /** Appends one slot, which merges with none before it. */
    private static void append(NativeMemory bytes, long fromBytes, int lengthBytes, Fd oneSlot, Fd built)
            throws StandpipeException, ErrnoException {
        check(FileCalls.write(oneSlot.number(), bytes, fromBytes, lengthBytes), lengthBytes);
        check(Pipes.splice(oneSlot.number(), built.number(), lengthBytes, PipeFlags.SPLICE_F_NONBLOCK), lengthBytes);
    }

    private static void check(long movedBytes, long lengthBytes) throws StandpipeException {
        if (movedBytes != lengthBytes) {
            throw new StandpipeException(
                    "a copied clone took " + Math.max(0, movedBytes) + " of " + lengthBytes + " bytes");
        }
    }

    @Override
    public void close() {
        if (through != null) {
            through.close();
        }
        probe.close();
    }
}
