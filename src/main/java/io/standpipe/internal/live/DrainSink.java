// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.pipes.PacketReader;
import io.standpipe.internal.pipes.TeePipe;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.sys.DiscardingRead;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of a drained pipe go. A byte leaves the pipe only when it is written: to a pipe or a file it moves by one splice, which
 * leaves in the pipe what it could not move; to anything else a clone of the pipe is written, and what of it was written is then
 * discarded from the pipe. The fd stays the caller's to close.
 */
final class DrainSink implements AutoCloseable {

    private static final String NOTHING = "/dev/null";
    private static final int STANDARD_OUTPUT = 1;
    /** So much goes into whatever poll calls writable, without waiting. */
    private static final int ROOM_BYTES = 4096;

    private final int fd;
    private final String name;
    private final boolean direct;
    private @Nullable TeePipe clone;
    private @Nullable PacketReader reader;
    private @Nullable Fd nothing;

    /**
     * @param name of the output, for messages
     * @param packets whether the pipe has packets, which would be packets in another pipe, too, where a short read loses their rest
     * @param drained the pipe, which its own bytes cannot go to
     */
    DrainSink(int fd, String name, boolean packets, DrainedPipe drained) throws StandpipeException {
        this.fd = fd;
        this.name = name;
        try {
            Stat stat = Stat.of(fd);
            if (stat.dev() == drained.id().dev() && stat.ino() == drained.id().ino()) {
                throw new IllegalArgumentException(name + " is the pipe that is to be drained: its bytes would never end");
            }
            boolean appends = (FdCalls.statusFlags(fd) & Flags.O_APPEND) != 0;
            direct = stat.isFifo() ? !packets : stat.isRegular() && !appends || isNothing(fd);
        } catch (ErrnoException e) {
            throw FdSink.failure(name, e);
        } catch (IOException e) {
            throw Failures.of(name, e);
        }
    }

    /** Returns whether an fd is of the device that takes everything at once. */
    private static boolean isNothing(int fd) throws IOException {
        return Arrays.equals(ProcDirectory.link("/proc/self/fd/" + fd), NOTHING.getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns the name of standard output, or of another fd. */
    static String nameOf(int fd) {
        return fd == STANDARD_OUTPUT ? "standard output" : "descriptor " + fd;
    }

    /** Returns whether bytes leave the pipe in the same instant in which they are written. */
    boolean isDirect() {
        return direct;
    }

    /**
     * Moves bytes that are queued.
     *
     * @return bytes moved, 0 at the end of the pipe, or {@link Pipes#WOULD_BLOCK} if nothing is queued, or the output has no room now
     */
    long move(int fdRead, long mostBytes, int timeoutMillis) throws StandpipeException {
        try {
            if (!PipeCalls.awaitRoom(fd, timeoutMillis)) {
                return Pipes.WOULD_BLOCK;
            }
            return direct ? Pipes.splice(fdRead, fd, mostBytes, SPLICE_F_NONBLOCK) : copy(fdRead, mostBytes);
        } catch (ErrnoException e) {
            throw FdSink.failure(name, e);
        }
    }

    private long copy(int fdRead, long mostBytes) throws StandpipeException, ErrnoException {
        clone = clone == null ? new TeePipe() : clone;
        reader = reader == null ? new PacketReader() : reader;
        if (clone.take(TeeBatch.By.READ_END, fdRead, "a pipe that is drained") == 0) {
            return Pipes.queuedBytes(fdRead) == 0 && isAtEnd(fdRead) ? 0 : Pipes.WOULD_BLOCK;
        }
        long written = 0;
        try {
            int length = reader.next(clone.readFd(), Math.min(mostBytes, ROOM_BYTES));
            while (written < length) {
                long now = FileCalls.write(fd, reader.memory(), written, length - written);
                if (now == Pipes.WOULD_BLOCK) {
                    PipeCalls.awaitRoom(fd);
                }
                written += Math.max(0, now);
            }
        } finally {
            discard(fdRead, written);
            clone.empty();
        }
        return written;
    }

    private static boolean isAtEnd(int fdRead) throws ErrnoException {
        return (PipeCalls.poll(fdRead, Flags.POLLIN) & (Flags.POLLIN | Flags.POLLHUP)) == Flags.POLLHUP;
    }

    /** Takes out of the pipe what was written. */
    private void discard(int fdRead, long lengthBytes) throws ErrnoException {
        nothing = nothing == null ? FileCalls.open(FileCalls.CURRENT_DIRECTORY, NOTHING, Flags.O_WRONLY, 0) : nothing;
        for (long left = lengthBytes; left > 0; ) {
            long discarded = discardOnce(fdRead, nothing.number(), left);
            if (discarded <= 0) {
                return; // Somebody else has read them: they are out of the pipe.
            }
            left -= discarded;
        }
    }

    /** What was written must not stay in the pipe, too: if a splice fails, a read takes it. */
    private static long discardOnce(int fdRead, int fdNothing, long lengthBytes) throws ErrnoException {
        try {
            return Pipes.splice(fdRead, fdNothing, lengthBytes, SPLICE_F_NONBLOCK);
        } catch (ErrnoException e) {
            try (DiscardingRead read = new DiscardingRead()) {
                return Pipes.queuedBytes(fdRead) == 0 ? 0 : read.read(fdRead, lengthBytes);
            }
        }
    }

    @Override
    public void close() {
        if (clone != null) {
            clone.close();
        }
        if (reader != null) {
            reader.close();
        }
        if (nothing != null) {
            nothing.close();
        }
    }
}
