// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;



/**
 * A large pipe in which records and payloads wait, one behind the other, until they go to the image file together: a file
 * takes one large write faster than many small ones, and payload still does not enter user space.
 */
public final class StagingPipe implements AutoCloseable {

    /** What any user may have in a pipe, unless the administrator says otherwise. */
    static final int CAPACITY_BYTES = 1 << 20;

    private static final String WHAT = "a pipe to gather an image in";

    private final Fd readEnd;
    private final Fd writeEnd;
    private long stagedBytes;

    private StagingPipe(PipeEnds ends) {
        readEnd = ends.readEnd();
        writeEnd = ends.writeEnd();
    }

    /** @throws StandpipeException if a limit is in the way: it can be done without */
    static StagingPipe open() throws StandpipeException {
        StagingPipe stage = null;
        boolean complete = false;
        try {
            stage = new StagingPipe(Pipes.pipe2(PipeFlags.O_CLOEXEC));
            Pipes.setCapacityBytes(stage.writeEnd.number(), CAPACITY_BYTES);
            FdCalls.setStatusFlags(stage.writeEnd.number(), Flags.O_NONBLOCK);
            complete = true;
            return stage;
        } catch (ErrnoException e) {
            throw Failures.of(WHAT, e);
        } finally {
            if (stage != null && !complete) {
                stage.close();
            }
        }
    }

    /** Takes bytes of records; returns how many it had room for. */
    long write(NativeMemory memory, long offsetBytes, long lengthBytes) throws ErrnoException {
        return took(FileCalls.write(writeEnd.number(), memory, offsetBytes, lengthBytes));
    }

    /** Takes payload out of a pipe; returns how many bytes it had room for. */
    long splice(int pipe, long lengthBytes) throws ErrnoException {
        return took(Pipes.splice(pipe, writeEnd.number(), lengthBytes, SPLICE_F_NONBLOCK));
    }

    private long took(long result) {
        long bytes = Math.max(0, result);
        stagedBytes += bytes;
        return bytes;
    }

    /** How many bytes wait. */
    long stagedBytes() {
        return stagedBytes;
    }

    /** Where they can be spliced from. */
    int readEnd() {
        return readEnd.number();
    }

    /** All that waited has been spliced away. */
    void emptied() {
        stagedBytes = 0;
    }

    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }
}
