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
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import org.jspecify.annotations.Nullable;

/**
 * Receives an image through a pipe, a socket or any other fd into a file in memory, where it can be checked as a whole. The
 * image is taken record by record: what does not begin as an image is refused at once, and what follows TAIL stays unread.
 */
public final class StreamReceiver implements AutoCloseable {

    private static final int MEMORY_BYTES = 65_536;

    private final int fd;
    private final Fd file;
    private final String name;
    private final ProgressTracker progress;
    private final long mostBytes;
    private final NativeMemory memory = NativeMemory.littleEndian(MEMORY_BYTES);
    /** Between an fd that is no pipe and the file: one side of each splice must be a pipe. */
    private @Nullable PipePair passage;
    private boolean spliceable = true;
    private long lengthBytes;

    private StreamReceiver(int fd, Fd file, String name, ProgressTracker progress, long mostBytes) {
        this.fd = fd;
        this.file = file;
        this.name = name;
        this.progress = progress;
        this.mostBytes = mostBytes;
    }

    /**
     * Receives an image, of at most half of the memory that is available.
     *
     * @param name of the image in messages
     * @return the file in memory, which the caller closes
     */
    static Fd receive(int fd, String name, ProgressTracker progress) throws StandpipeException {
        return receive(fd, name, progress, KernelLimits.availableMemoryBytes() / 2);
    }

    /**
     * Receives an image.
     *
     * @param mostBytes of memory that the image may take
     * @return the file in memory, which the caller closes
     */
    public static Fd receive(int fd, String name, ProgressTracker progress, long mostBytes) throws StandpipeException {
        Fd file = null;
        boolean complete = false;
        try {
            file = FileCalls.memoryFile(MemoryImage.FILE_NAME);
            try (StreamReceiver receiver = new StreamReceiver(fd, file, name, progress, mostBytes)) {
                receiver.receiveAll();
            }
            complete = true;
            return file;
        } catch (ErrnoException e) {
            throw Failures.of(name, e);
        } finally {
            if (file != null && !complete) {
                file.close();
            }
        }
    }

    private void receiveAll() throws StandpipeException, ErrnoException {
        progress.begin(Progress.Phase.RECEIVE, 0, 0);
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

    /** Appends bytes to the file by way of the memory, from the start of which they can be looked at afterwards. */
    private void copy(int length, String expected) throws StandpipeException, ErrnoException {
        for (int done = 0; done < length; ) {
            long read = PipeCalls.read(fd, memory, done, length - done);
            if (read == 0) {
                throw ended(done, expected);
            }
            if (read == Pipes.WOULD_BLOCK) {
                PipeCalls.awaitBytes(fd);
            } else {
                done += (int) read;
            }
        }
        for (int done = 0; done < length; ) {
            done += (int) FileCalls.write(file.number(), lengthBytes + done, memory, done, length - done);
        }
        advance(length);
    }

    /** Appends bytes to the file, by splice if the fd supports that. */
    private void move(long length, String expected) throws StandpipeException, ErrnoException {
        for (long left = length; left > 0; ) {
            long before = lengthBytes;
            if (spliceable) {
                splice(left, expected);
            } else {
                copy((int) Math.min(left, MEMORY_BYTES), expected);
            }
            left -= lengthBytes - before;
        }
    }

    /** Splices once: from a pipe to the file, from anything else to the passage and on to the file. */
    private void splice(long most, String expected) throws StandpipeException, ErrnoException {
        try {
            long moved = passage == null
                    ? Pipes.splice(fd, Pipes.NO_OFFSET, file.number(), lengthBytes, most, SPLICE_F_NONBLOCK)
                    : Pipes.splice(fd, passage.writeFd(), most, SPLICE_F_NONBLOCK);
            if (moved == 0) {
                throw ended(0, expected);
            }
            if (moved == Pipes.WOULD_BLOCK) {
                PipeCalls.awaitBytes(fd);
                return;
            }
            if (passage != null && PipePair.moveAll(passage.readFd(), file.number(), lengthBytes, moved) < moved) {
                throw new StandpipeException(name + ": a transfer at offset " + lengthBytes + " fell short");
            }
            advance(moved);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            spliceable = passage == null;
            passage = passage == null ? PipePair.open() : passage;
        }
    }

    private void advance(long bytes) {
        lengthBytes += bytes;
        progress.moved(bytes);
    }

    private ImageRefusedException ended(int readBytes, String expected) {
        return new ImageRefusedException(
                name + ": the stream ended at offset " + (lengthBytes + readBytes) + ", expected " + expected);
    }

    @Override
    public void close() {
        if (passage != null) {
            passage.close();
        }
    }
}
