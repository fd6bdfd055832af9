// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;



/** A pipe of this process's own, through which bytes pass on their way. */
public final class PipePair implements AutoCloseable {

    private static final String WHAT = "a pipe for bytes to pass through";

    private final Fd readEnd;
    private final Fd writeEnd;

    private PipePair(PipeEnds ends) {
        readEnd = ends.readEnd();
        writeEnd = ends.writeEnd();
    }

    /** Of the usual capacity. */
    public static PipePair open() throws StandpipeException {
        try {
            return new PipePair(Pipes.pipe2(PipeFlags.O_CLOEXEC));
        } catch (ErrnoException e) {
            throw Failures.of(WHAT, e);
        }
    }

    /** Of one page, so that a splice from another pipe moves exactly one of its slots. */
    static PipePair ofOneSlot() throws StandpipeException {
        return ofCapacity(PageSize.SIZE_BYTES);
    }

    /** Of a chosen capacity; a read from it does not wait. */
    static PipePair ofCapacity(int capacityBytes) throws StandpipeException {
        PipePair passage = open();
        boolean complete = false;
        try {
            PipeCapacity.set(passage.w(), capacityBytes, WHAT);
            FdCalls.setStatusFlags(passage.r(), Flags.O_NONBLOCK);
            complete = true;
            return passage;
        } catch (ErrnoException e) {
            throw Failures.of(WHAT, e);
        } finally {
            if (!complete) {
                passage.close();
            }
        }
    }

    /** The read end's number. */
    public int r() {
        return readEnd.number();
    }

    /** The write end's number. */
    public int w() {
        return writeEnd.number();
    }

    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }
}
