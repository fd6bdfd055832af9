// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PollCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;



/**
 * A descriptor that bytes are sent to in their order, whatever it is: a pipe, a file, a terminal. Waits where it takes no
 * more at the moment, be it O_NONBLOCK or not. The descriptor stays the caller's to close.
 */
public final class FdSink implements AutoCloseable {

    private static final int STANDARD_OUTPUT = 1;

    private final int fd;
    private final String name;
    private PacketReader copier;

    public FdSink(int fd) {
        this.fd = fd;
        name = fd == STANDARD_OUTPUT ? "standard output" : "descriptor " + fd;
    }

    /** From now on copies: what arrives shares no memory with where it came from, and packets become plain bytes. */
    public void copying() throws StandpipeException {
        if (copier == null) {
            copier = new PacketReader();
        }
    }

    /**
     * Moves bytes that are in a pipe: by splice, and by copying where the descriptor takes no splice, such as a file that
     * is appended to.
     */
    public void splice(int pipe, long lengthBytes) throws StandpipeException {
        for (long left = lengthBytes; left > 0; ) {
            long moved = copier == null ? trySplice(pipe, left) : copy(pipe, left);
            if (moved == 0) {
                throw new StandpipeException(name + ": what was to be sent ended " + left + " bytes short (EPIPE)");
            }
            left -= Math.max(0, moved);
        }
    }

    /** @return bytes moved, or {@link Pipes#WOULD_BLOCK} if it is to be tried again */
    private long trySplice(int pipe, long lengthBytes) throws StandpipeException {
        try {
            long moved = Pipes.splice(pipe, fd, lengthBytes, SPLICE_F_NONBLOCK);
            if (moved == Pipes.WOULD_BLOCK) {
                if (Pipes.queuedBytes(pipe) == 0) {
                    return 0;
                }
                PollCalls.awaitRoom(fd);
            }
            return moved;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EINVAL) {
                throw failure(e);
            }
            copying();
            return Pipes.WOULD_BLOCK;
        }
    }

    private long copy(int pipe, long lengthBytes) throws StandpipeException {
        try {
            int taken = copier.next(pipe, lengthBytes);
            write(copier.memory(), 0, taken);
            return taken;
        } catch (ErrnoException e) {
            throw failure(e);
        }
    }

    /** Writes all of a range of memory. */
    public void write(NativeMemory memory, long offsetBytes, long lengthBytes) throws StandpipeException {
        try {
            for (long done = 0; done < lengthBytes; ) {
                long written = FileCalls.write(fd, memory, offsetBytes + done, lengthBytes - done);
                if (written == Pipes.WOULD_BLOCK) {
                    PollCalls.awaitRoom(fd);
                }
                done += Math.max(0, written);
            }
        } catch (ErrnoException e) {
            throw failure(e);
        }
    }

    private StandpipeException failure(ErrnoException e) {
        if (e.errno() == Errno.EPIPE) {
            return new StandpipeException("whoever read " + name + " has gone away (EPIPE)", e);
        }
        if (e.errno() == Errno.EBADF) {
            return new StandpipeException(name + ": not open for writing (EBADF)", e);
        }
        return Failures.of(name, e);
    }

    @Override
    public void close() {
        if (copier != null) {
            copier.close();
        }
    }
}
