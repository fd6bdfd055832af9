// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.ImageRefusedException;
import io.standpipe.Progress;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.format.StreamFraming;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.pipe.Fd;
import java.io.IOException;

/**
 * Receives an image from a stream into a file in memory, where it can be checked as a whole. The image is taken record by record:
 * what does not begin as an image is refused at once, and what follows TAIL stays unread.
 */
public final class StreamReceiver {

    private static final int MEMORY_BYTES = 65_536;

    private final ImageInput input;
    private final Fd file;
    private final ProgressTracker progress;
    private final long mostBytes;
    private final NativeMemory memory = NativeMemory.littleEndian(MEMORY_BYTES);
    private long lengthBytes;

    private StreamReceiver(ImageInput input, Fd file, ProgressTracker progress, long mostBytes) {
        this.input = input;
        this.file = file;
        this.progress = progress;
        this.mostBytes = mostBytes;
    }

    /**
     * Receives an image, of at most half of the memory that is available.
     *
     * @return the file in memory, which the caller closes
     */
    static Fd receive(ImageInput input, ProgressTracker progress) throws StandpipeException {
        return receive(input, progress, KernelLimits.availableMemoryBytes() / 2);
    }

    /**
     * Receives an image.
     *
     * @param mostBytes of memory that the image may take
     * @return the file in memory, which the caller closes
     */
    public static Fd receive(ImageInput input, ProgressTracker progress, long mostBytes) throws StandpipeException {
        Fd file = null;
        boolean complete = false;
        try {
            file = FileCalls.memoryFile(MemoryImage.FILE_NAME);
            new StreamReceiver(input, file, progress, mostBytes).receiveAll();
            complete = true;
            return file;
        } catch (IOException e) {
            throw Failures.of(input.toString(), e);
        } finally {
            if (file != null && !complete) {
                file.close();
            }
        }
    }

    private void receiveAll() throws IOException {
        progress.begin(Progress.Phase.RECEIVE, 0, 0);
        StreamFraming frame = new StreamFraming();
        do {
            copy(StreamFraming.HEADER_BYTES, frame.expected());
            String refusal = frame.next(memory.buffer());
            if (refusal != null) {
                throw new ImageRefusedException(input + ": " + refusal);
            }
            if (frame.bodyBytes() > mostBytes - lengthBytes) {
                throw new UnavailableException(input + ": it is at least " + (lengthBytes + frame.bodyBytes())
                        + " bytes long, and of memory it may take " + mostBytes
                        + ", half of what is available: write it to a file, and name that", null);
            }
            move(frame.bodyBytes(), frame.expected());
        } while (!frame.isLast());
    }

    /** Appends bytes to the file by way of the memory, from the start of which they can be looked at afterwards. */
    private void copy(int length, String expected) throws IOException {
        for (int done = 0; done < length; ) {
            int read = input.read(memory, done, length - done);
            if (read == 0) {
                throw ended(done, expected);
            }
            done += read;
        }
        for (int done = 0; done < length; ) {
            done += (int) FileCalls.write(file.number(), lengthBytes + done, memory, done, length - done);
        }
        advance(length);
    }

    /** Appends bytes to the file, by splice where the input supports that. */
    private void move(long length, String expected) throws IOException {
        for (long left = length; left > 0; ) {
            long moved = input.splice(file.number(), lengthBytes, left);
            if (moved == 0) {
                throw ended(0, expected);
            }
            if (moved == ImageInput.NO_SPLICE) {
                moved = Math.min(left, MEMORY_BYTES);
                copy((int) moved, expected);
            } else {
                advance(moved);
            }
            left -= moved;
        }
    }

    private void advance(long bytes) {
        lengthBytes += bytes;
        progress.moved(bytes);
    }

    private ImageRefusedException ended(int readBytes, String expected) {
        return new ImageRefusedException(
                input + ": the stream ended at offset " + (lengthBytes + readBytes) + ", expected " + expected);
    }
}
