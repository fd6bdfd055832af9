// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.Slots;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the slots of a pipe one by one, without reading payload: a splice into a pipe of one page moves exactly one slot,
 * and its length is the result. All but the last byte of it is then spliced away; a byte written behind that one tells
 * what it was, since a read of two bytes ends after the first if that ends a packet.
 */
public final class SlotWalk implements AutoCloseable {

    private static final String WHAT = "a pipe to look at slots with";

    private final Fd oneRead;
    private final Fd oneWrite;
    private final Fd twoRead;
    private final Fd twoWrite;
    private final Fd nowhere;
    private final NativeMemory bytes = NativeMemory.nativeOrder(2);

    SlotWalk() throws StandpipeException {
        List<Fd> made = new ArrayList<>();
        boolean complete = false;
        try {
            pipe(made, PageSize.SIZE_BYTES);
            pipe(made, 2 * PageSize.SIZE_BYTES);
            made.add(FileCalls.open(FileCalls.CURRENT_FOLDER, "/dev/null", Flags.O_WRONLY, 0));
            complete = true;
        } catch (ErrnoException e) {
            throw Failures.of(WHAT, e);
        } finally {
            if (!complete) {
                made.forEach(Fd::close);
            }
        }
        oneRead = made.get(0);
        oneWrite = made.get(1);
        twoRead = made.get(2);
        twoWrite = made.get(3);
        nowhere = made.get(4);
    }

    private static void pipe(List<Fd> made, int capacityBytes) throws ErrnoException {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        made.add(ends.readEnd());
        made.add(ends.writeEnd());
        Pipes.setCapacityBytes(ends.writeFd(), capacityBytes);
        FdCalls.setStatusFlags(ends.readFd(), Flags.O_NONBLOCK);
    }

    /** Takes the slots out of a pipe until it is empty, and tells what they were. */
    List<Slots.Run> walk(int pipe) throws ErrnoException {
        List<Slots.Run> runs = new ArrayList<>();
        for (long length = next(pipe); length > 0; length = next(pipe)) {
            add(runs, (int) length, isPacket(length));
        }
        return runs;
    }

    private long next(int pipe) throws ErrnoException {
        return Pipes.splice(pipe, oneWrite.number(), Integer.MAX_VALUE, SPLICE_F_NONBLOCK);
    }

    /** Whether the slot that waits is a packet; takes it away. */
    private boolean isPacket(long length) throws ErrnoException {
        discard(oneRead.number(), length - 1);
        Pipes.splice(oneRead.number(), twoWrite.number(), 1, SPLICE_F_NONBLOCK);
        FileCalls.write(twoWrite.number(), bytes, 0, 1);
        boolean packet = PipeCalls.read(twoRead.number(), bytes, 0, 2) == 1;
        if (packet) {
            PipeCalls.read(twoRead.number(), bytes, 0, 1);
        }
        return packet;
    }

    /** Takes bytes out of a pipe. */
    void discard(int pipe, long lengthBytes) throws ErrnoException {
        for (long left = lengthBytes; left > 0; ) {
            long moved =
                    Pipes.splice(pipe, nowhere.number(), left, SPLICE_F_NONBLOCK);
            if (moved <= 0) {
                return;
            }
            left -= moved;
        }
    }

    private static void add(List<Slots.Run> runs, int length, boolean packet) {
        int last = runs.size() - 1;
        if (last >= 0 && runs.get(last).lengthBytes() == length && runs.get(last).packet() == packet) {
            runs.set(last, new Slots.Run(length, runs.get(last).count() + 1, packet));
        } else {
            runs.add(new Slots.Run(length, 1, packet));
        }
    }

    @Override
    public void close() {
        oneRead.close();
        oneWrite.close();
        twoRead.close();
        twoWrite.close();
        nowhere.close();
    }
}
