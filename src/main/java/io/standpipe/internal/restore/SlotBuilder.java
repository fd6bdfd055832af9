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
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;



/** Puts single slots together in a pipe of its own, to be placed behind what another pipe holds. */
public final class SlotBuilder implements AutoCloseable {

    private final NativeMemory dropped = NativeMemory.nativeOrder(PageSize.SIZE_BYTES);
    private final Fd readEnd;
    private final Fd writeEnd;

    SlotBuilder() throws StandpipeException {
        try {
            PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
            readEnd = ends.readEnd();
            writeEnd = ends.writeEnd();
        } catch (ErrnoException e) {
            throw Failures.of("a pipe to make slots in", e);
        }
    }

    /** Places a slot that no write goes on in: a tee takes that from it. */
    void clone(NativeMemory bytes, int length, int pipe) throws StandpipeException, ErrnoException {
        load(bytes, length);
        place(Pipes.tee(readEnd.number(), pipe, length, SPLICE_F_NONBLOCK), length);
        drop(length);
    }

    /**
     * Places a slot that writes go on in, and whose bytes do not begin where its page does: as many as that are written
     * before them and read away again.
     */
    void move(NativeMemory bytes, int length, int begin, int pipe) throws StandpipeException, ErrnoException {
        load(dropped, begin);
        load(bytes, length);
        drop(begin);
        place(Pipes.splice(readEnd.number(), pipe, length, SPLICE_F_NONBLOCK), length);
    }

    private void load(NativeMemory bytes, int length) throws StandpipeException, ErrnoException {
        place(FileCalls.write(writeEnd.number(), bytes, 0, length), length);
    }

    private void drop(int length) throws StandpipeException, ErrnoException {
        for (int left = length; left > 0; ) {
            long read = PipeCalls.read(readEnd.number(), dropped, 0, left);
            if (read <= 0) {
                throw new StandpipeException("a pipe to make slots in holds " + left + " bytes too few (EPIPE)");
            }
            left -= (int) read;
        }
    }

    private static void place(long placed, int length) throws StandpipeException {
        if (placed != length) {
            throw new StandpipeException("pipe took " + Math.max(0, placed) + " of " + length + " bytes (EPIPE)");
        }
    }

    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }
}
