// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.ImageRefusedException;
import io.standpipe.Progress;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.format.StreamFraming;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.PollCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;





/**
 * Brings an image that comes through a pipe, a socket or whatever else into a file in memory, where it can be checked as a
 * whole. It goes by splice, record by record: what does not begin as an image is refused at once, and what comes behind
 * TAIL stays where it is.
 */
public final class StreamReceiver implements AutoCloseable {

    private static final int MEMORY_BYTES = 65_536;

    private final int fd;
    private final String name;
    private final ProgressTracker reporter;
    private final long mostBytes;
    private final NativeMemory memory = NativeMemory.littleEndian(MEMORY_BYTES);
    private final Fd file;
    private PipePair passage;
    private boolean spliceable = true;
    private long lengthBytes;

    private StreamReceiver(int fd, String name, ProgressTracker reporter, long mostBytes) throws StandpipeException {
        this.mostBytes = mostBytes;
        this.fd = fd;
        this.name = name;
        this.reporter = reporter;
        try {
            file = FileCalls.memoryFile("standpipe-image");
        } catch (ErrnoException e) {
            throw Failures.of(name, e);
        }
    }

    /** Takes an image; returns the file, which is the caller's to close. */
    public static Fd take(int fd, String name, ProgressTracker reporter) throws StandpipeException {
        return take(fd, name, reporter, KernelLimits.availableMemoryBytes() / 2);
    }

    /** @param mostBytes of memory that it may take */
    public static Fd take(int fd, String name, ProgressTracker reporter, long mostBytes) throws StandpipeException {
        StreamReceiver image = new StreamReceiver(fd, name, reporter, mostBytes);
        boolean complete = false;
        try (image) {
            image.takeAll();
            complete = true;
            return image.file;
        } catch (ErrnoException e) {
            throw Failures.of(name, e);
        } finally {
            if (!complete) {
                image.file.close();
            }
        }
    }

    private void takeAll() throws StandpipeException, ErrnoException {
        reporter.begin(Progress.Phase.RECEIVE, 0, 0);
        StreamFraming frame = new StreamFraming();
        do {
            copy(StreamFraming.HEADER_BYTES, frame.expected());
            String refusal = frame.next(memory.buffer());
            if (refusal != null) {
                throw new ImageRefusedException(name + ": " + refusal);
            }
            if (frame.bodyBytes() > mostBytes - lengthBytes) {
                throw new UnavailableException(name + ": it is at least " + (lengthBytes + frame.bodyBytes())
                        + " bytes long, and of memory it may take " + mostBytes
                        + ", half of what is available: write it to a file, and name that", null);
            }
            move(frame.bodyBytes(), frame.expected());
        } while (!frame.isLast());
    }

    /** Brings bytes over that are looked at: they are left in memory too. */
    private void copy(int length, String expected) throws StandpipeException, ErrnoException {
        for (int done = 0; done < length; ) {
            done += read(done, length - done, expected);
        }
        for (int done = 0; done < length; ) {
            done += (int) FileCalls.write(file.number(), lengthBytes + done, memory, done, length - done);
        }
        lengthBytes += length;
        reporter.moved(length);
    }

    private int read(int at, int most, String expected) throws StandpipeException, ErrnoException {
        while (true) {
            long read = PipeCalls.read(fd, memory, at, most);
            if (read == 0) {
                throw new ImageRefusedException(name + ": the stream ended at offset " + (lengthBytes + at) + ", expected "
                        + expected);
            }
            if (read != Pipes.WOULD_BLOCK) {
                return (int) read;
            }
            PollCalls.awaitBytes(fd);
        }
    }

    private void move(long length, String expected) throws StandpipeException, ErrnoException {
        for (long left = length; left > 0; ) {
            long moved = spliceable ? splice(left) : Pipes.WOULD_BLOCK;
            if (moved == Pipes.WOULD_BLOCK && !spliceable) {
                moved = Math.min(left, MEMORY_BYTES);
                copy((int) moved, expected);
                left -= moved;
                continue;
            }
            if (moved == 0) {
                throw new ImageRefusedException(
                        name + ": the stream ended at offset " + lengthBytes + ", expected " + expected);
            }
            if (moved == Pipes.WOULD_BLOCK) {
                PollCalls.awaitBytes(fd);
                continue;
            }
            lengthBytes += moved;
            left -= moved;
            reporter.moved(moved);
        }
    }

    /** From a pipe straight to the file; from anything else through a pipe, if it can be spliced. */
    private long splice(long most) throws StandpipeException, ErrnoException {
        try {
            if (passage == null) {
                return Pipes.splice(fd, Pipes.NO_OFFSET, file.number(), lengthBytes, most, SPLICE_F_NONBLOCK);
            }
            long moved = Pipes.splice(fd, passage.w(), most, SPLICE_F_NONBLOCK);
            for (long done = 0; done < moved; ) {
                done += Pipes.splice(
                        passage.r(), Pipes.NO_OFFSET, file.number(), lengthBytes + done, moved - done, SPLICE_F_NONBLOCK);
            }
            return moved;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            spliceable = passage == null;
            if (passage == null) {
                passage = PipePair.open();
                return splice(most);
            }
            return Pipes.WOULD_BLOCK;
        }
    }

    @Override
    public void close() {
        if (passage != null) {
            passage.close();
        }
    }
}
