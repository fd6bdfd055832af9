// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;

/** Builds single slots in a pipe of its own, and appends them to what is in another pipe. */
final class SlotBuilder implements AutoCloseable {

    private final NativeMemory discarded = NativeMemory.nativeOrder(PageSize.SIZE_BYTES);
    private final PipeEnds pipe;

    SlotBuilder() throws StandpipeException {
        try {
            pipe = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        } catch (ErrnoException e) {
            throw Failures.of("a pipe to make slots in", e);
        }
    }

    /** Appends a slot that later writes do not merge into, as they merge into no slot that tee made. */
    void appendClosed(NativeMemory bytes, int length, int target) throws StandpipeException, ErrnoException {
        write(bytes, length);
        checkAll(Pipes.tee(pipe.readFd(), target, length, SPLICE_F_NONBLOCK), length);
        discard(length);
    }

    /**
     * Appends a slot that later writes merge into.
     *
     * @param begin where in its page the slot begins: so many bytes are written before, and read away again
     */
    void appendOpen(NativeMemory bytes, int length, int begin, int target) throws StandpipeException, ErrnoException {
        write(discarded, begin);
        write(bytes, length);
        discard(begin);
        checkAll(Pipes.splice(pipe.readFd(), target, length, SPLICE_F_NONBLOCK), length);
    }

    private void write(NativeMemory bytes, int length) throws StandpipeException, ErrnoException {
        checkAll(FileCalls.write(pipe.writeFd(), bytes, 0, length), length);
    }

    private void discard(int length) throws StandpipeException, ErrnoException {
        for (int left = length; left > 0; ) {
            long read = PipeCalls.read(pipe.readFd(), discarded, 0, left);
            if (read <= 0) {
                throw new StandpipeException("a pipe to make slots in holds " + left + " bytes too few");
            }
            left -= (int) read;
        }
    }

    private static void checkAll(long moved, int length) throws StandpipeException {
        if (moved != length) {
            throw new StandpipeException("pipe took " + Math.max(0, moved) + " of " + length + " bytes");
        }
    }

    @Override
    public void close() {
        pipe.close();
    }
}
