// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.O_CLOEXEC;
import static io.standpipe.pipe.PipeFlags.O_NONBLOCK;
import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ScratchMemory;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.Pipes;

/** A pipe of this process, through which bytes pass on their way; owns both ends. */
public final class PipePair implements AutoCloseable {

    private static final String WHAT = "a pipe for bytes to pass through";

    private final PipeEnds ends;

    private PipePair(PipeEnds ends) {
        this.ends = ends;
    }

    /** Makes a pipe of the usual capacity, whose ends may block. */
    public static PipePair open() throws StandpipeException {
        return open(O_CLOEXEC, WHAT);
    }

    /**
     * Makes a pipe of the usual capacity, whose ends have O_NONBLOCK.
     *
     * @param what names the pipe in messages
     */
    static PipePair openNonBlocking(String what) throws StandpipeException {
        return open(O_CLOEXEC | O_NONBLOCK, what);
    }

    private static PipePair open(int flags, String what) throws StandpipeException {
        try {
            return new PipePair(Pipes.pipe2(flags));
        } catch (ErrnoException e) {
            throw Failures.of(what, e);
        }
    }

    /**
     * Makes a pipe of a chosen capacity, whose ends have O_NONBLOCK.
     *
     * @param what names the pipe in messages
     * @throws io.standpipe.UnavailableException if a limit is in the way
     */
    public static PipePair ofCapacity(int capacityBytes, String what) throws StandpipeException {
        PipePair pair = openNonBlocking(what);
        boolean complete = false;
        try {
            PipeCapacity.set(pair.writeFd(), capacityBytes, what);
            complete = true;
            return pair;
        } finally {
            if (!complete) {
                pair.close();
            }
        }
    }

    /** Makes a pipe of one page, into which a splice from another pipe moves exactly one slot. */
    static PipePair ofOneSlot(String what) throws StandpipeException {
        return ofCapacity(PageSize.SIZE_BYTES, what);
    }

    /** Returns the fd of the read end, which this object owns. */
    public int readFd() {
        return ends.readFd();
    }

    /** Returns the fd of the write end, which this object owns. */
    public int writeFd() {
        return ends.writeFd();
    }

    /** Discards what is in a pipe whose ends have O_NONBLOCK. */
    void drain() throws ErrnoException {
        NativeMemory memory = ScratchMemory.take(PageSize.SIZE_BYTES);
        try {
            long readBytes;
            do {
                readBytes = PipeCalls.read(readFd(), memory, 0, memory.sizeBytes());
            } while (readBytes > 0);
        } finally {
            ScratchMemory.giveBack(memory);
        }
    }

    /**
     * Moves bytes out of a pipe by splice, until all are moved, or the pipe is empty, or the output takes no more.
     *
     * @param fdIn the pipe's read end
     * @param offsetOut where to write in a file, or {@link Pipes#NO_OFFSET}
     * @return the bytes moved, less than {@code lengthBytes} if a pipe was empty or full
     */
    public static long moveAll(int fdIn, int fdOut, long offsetOut, long lengthBytes) throws ErrnoException {
        long movedBytes = 0;
        while (movedBytes < lengthBytes) {
            long offset = offsetOut == Pipes.NO_OFFSET ? offsetOut : offsetOut + movedBytes;
            long result = Pipes.splice(fdIn, Pipes.NO_OFFSET, fdOut, offset, lengthBytes - movedBytes, SPLICE_F_NONBLOCK);
            if (result <= 0) {
                return movedBytes;
            }
            movedBytes += result;
        }
        return movedBytes;
    }

    /** Moves bytes from a pipe to another pipe, or to a file or device at its own offset: see the other {@code moveAll}. */
    public static long moveAll(int fdIn, int fdOut, long lengthBytes) throws ErrnoException {
        return moveAll(fdIn, fdOut, Pipes.NO_OFFSET, lengthBytes);
    }

    @Override
    public void close() {
        ends.close();
    }
}
