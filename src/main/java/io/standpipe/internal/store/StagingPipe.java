// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.io.IOException;

/**
 * A large pipe in which records and payloads wait, one behind the other, until they go to the image file together: a file
 * takes one large write faster than many small ones, and payload still does not enter user space.
 */
final class StagingPipe implements AutoCloseable {

    /** What any user may have in a pipe, unless the administrator says otherwise. */
    static final int CAPACITY_BYTES = 1 << 20;

    private final PipePair pipe = PipePair.open();
    private long stagedBytes;

    /** @throws IOException if a limit on pipes or fds is in the way */
    StagingPipe() throws IOException {
        boolean complete = false;
        try {
            Pipes.setCapacityBytes(pipe.w(), CAPACITY_BYTES);
            FdCalls.setStatusFlags(pipe.w(), Flags.O_NONBLOCK);
            complete = true;
        } finally {
            if (!complete) {
                pipe.close();
            }
        }
    }

    /**
     * Takes bytes of records.
     *
     * @return bytes taken, 0 if the pipe is full
     */
    long write(NativeMemory memory, long offsetBytes, long lengthBytes) throws ErrnoException {
        return staged(FileCalls.write(pipe.w(), memory, offsetBytes, lengthBytes));
    }

    /**
     * Takes payload out of another pipe.
     *
     * @return bytes taken, 0 if this pipe is full or the other one is empty
     */
    long splice(int source, long lengthBytes) throws ErrnoException {
        return staged(Pipes.splice(source, pipe.w(), lengthBytes, SPLICE_F_NONBLOCK));
    }

    private long staged(long result) {
        long bytes = Math.max(0, result);
        stagedBytes += bytes;
        return bytes;
    }

    long stagedBytes() {
        return stagedBytes;
    }

    /** Returns the fd from which all staged bytes are to be spliced, at once: they no longer count as staged. */
    int drain() {
        stagedBytes = 0;
        return pipe.r();
    }

    @Override
    public void close() {
        pipe.close();
    }
}
