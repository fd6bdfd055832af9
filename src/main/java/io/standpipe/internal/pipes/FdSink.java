// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.CancelledException;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An fd to which bytes are sent in their order: of a pipe, a file, a terminal or anything else. Waits while the fd takes no more,
 * whether or not it has O_NONBLOCK, to the limit that the caller sets. The fd stays the caller's to close.
 */
public final class FdSink implements AutoCloseable {

    static final String STANDARD_OUTPUT_NAME = "standard output";
    private static final int STANDARD_OUTPUT = 1;
    /** So much whatever poll calls writable takes, a pipe or a socket of any size, without a wait. */
    private static final int ROOM_BYTES = 4096;

    private final int fd;
    private final String name;
    private final WaitLimit limit;
    private final Duration patience;
    /** What can be moved without a wait in the kernel, which nothing but a signal ends, once poll calls the fd writable. */
    private long roomBytes;
    private boolean spliceWaits;
    private boolean kindIsKnown;
    private @Nullable PacketReader copier;

    public FdSink(int fd) {
        this(fd, name(fd), WaitLimit.NONE, WaitLimit.FOREVER);
    }

    /**
     * @param name of the fd in messages
     * @param limit of all waits
     * @param patience how long the fd may take nothing, which fails then
     */
    public FdSink(int fd, String name, WaitLimit limit, Duration patience) {
        this.fd = fd;
        this.name = name;
        this.limit = limit;
        this.patience = patience;
    }

    /**
     * Checks what shows of an fd before anything is written to it; whether a device has room does not.
     *
     * @throws StandpipeException if it is closed or not open for writing, or nobody reads it any more
     */
    public static void requireWritable(int fd) throws StandpipeException {
        String refused = name(fd) + " cannot be written: ";
        try {
            int flags = FdCalls.statusFlags(fd);
            if ((flags & Flags.O_PATH) != 0 || (flags & Flags.O_ACCMODE) == Flags.O_RDONLY) {
                throw new StandpipeException(refused + "it is not open for writing");
            }
            if ((PipeCalls.poll(fd, Flags.POLLOUT) & Flags.POLLERR) != 0) {
                throw new ReaderGoneException(name(fd));
            }
        } catch (ErrnoException e) {
            throw e.errno() == Errno.EBADF ? new StandpipeException(refused + "it is closed", e) : Failures.of(name(fd), e);
        }
    }

    /** Returns the name of an fd in messages. */
    public static String name(int fd) {
        return fd == STANDARD_OUTPUT ? STANDARD_OUTPUT_NAME : "descriptor " + fd;
    }

    /** Copies from now on: what arrives shares no memory with its source, and packets become plain bytes. */
    public void copying() throws StandpipeException {
        if (copier == null) {
            copier = new PacketReader();
        }
    }

    /**
     * Moves bytes from a pipe to the fd: by splice, or by copying if the fd takes no splice, such as a file with O_APPEND.
     *
     * @param fdIn the pipe's read end
     * @throws StandpipeException also if the pipe holds less than {@code lengthBytes}
     */
    public void splice(int fdIn, long lengthBytes) throws StandpipeException {
        try {
            findKind();
            for (long left = lengthBytes; left > 0; ) {
                long movedBytes = copier == null ? trySplice(fdIn, left) : copy(fdIn, left, copier);
                if (movedBytes == 0) {
                    throw new StandpipeException(name + ": what was to be sent ended " + left + " bytes short");
                }
                left -= Math.max(0, movedBytes);
            }
        } catch (ErrnoException e) {
            throw failure(e);
        }
    }

    /** Finds out once what the fd is: a call that sends to a socket or a terminal waits in the kernel, whatever the flags of the call. */
    private void findKind() throws ErrnoException {
        if (!kindIsKnown) {
            Stat stat = Stat.of(fd);
            spliceWaits = !stat.isFifo() && !stat.isRegular();
            roomBytes = stat.isRegular() ? Long.MAX_VALUE : ROOM_BYTES;
            kindIsKnown = true;
        }
    }

    /** Returns the bytes moved, 0 if the pipe is empty, or {@link Pipes#WOULD_BLOCK} if the caller is to try again. */
    private long trySplice(int fdIn, long lengthBytes) throws StandpipeException, ErrnoException {
        if (spliceWaits) {
            awaitRoom();
        }
        try {
            long most = spliceWaits ? Math.min(roomBytes, lengthBytes) : lengthBytes;
            long movedBytes = Pipes.splice(fdIn, fd, most, SPLICE_F_NONBLOCK);
            if (movedBytes == Pipes.WOULD_BLOCK) {
                if (Pipes.queuedBytes(fdIn) == 0) {
                    return 0;
                }
                awaitRoom();
            }
            return movedBytes;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            copying();
            return Pipes.WOULD_BLOCK;
        }
    }

    private long copy(int fdIn, long lengthBytes, PacketReader reader) throws StandpipeException, ErrnoException {
        int readBytes = reader.next(fdIn, lengthBytes);
        write(reader.memory(), 0, readBytes);
        return readBytes;
    }

    /** Writes all of a range of memory to the fd. */
    public void write(NativeMemory memory, long offsetBytes, long lengthBytes) throws StandpipeException {
        try {
            findKind();
            for (long done = 0; done < lengthBytes; ) {
                if (roomBytes < Long.MAX_VALUE) {
                    awaitRoom();
                }
                long most = Math.min(roomBytes, lengthBytes - done);
                done += Math.max(0, FileCalls.write(fd, memory, offsetBytes + done, most));
            }
        } catch (ErrnoException e) {
            throw failure(e);
        }
    }

    private void awaitRoom() throws StandpipeException, ErrnoException {
        if (!limit.awaitRoom(fd, patience, name)) {
            throw new StandpipeException(name + ": nothing was read there for " + patience.toSeconds() + " s, while processes are"
                    + " frozen, which may be those that its reader waits for; leave out --write-while-frozen (in the library,"
                    + " writingWhileFrozen), or write the image to a file");
        }
    }

    private StandpipeException failure(ErrnoException e) {
        return limit.isClosed() ? new CancelledException(name + WaitLimit.CLOSED, e) : failure(name, e);
    }

    /** Returns the exception for a call that failed to write to an fd. */
    public static StandpipeException failure(String name, ErrnoException e) {
        if (e.errno() == Errno.EPIPE) {
            return new ReaderGoneException(name, e);
        }
        if (e.errno() == Errno.EBADF) {
            return new StandpipeException(name + (name.equals(STANDARD_OUTPUT_NAME)
                    ? " cannot be written: it is closed, or not open for writing" : ": not open for writing"), e);
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
