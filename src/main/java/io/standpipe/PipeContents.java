// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.FileCalls;
import io.standpipe.bridge.NativeMemory;
import io.standpipe.bridge.PipeCalls;
import io.standpipe.image.Image;

/**
 * Puts payload back into a fresh pipe: whole pages by splice, the partial tail by a write, so that later writes merge with
 * it as they would have. Payload that does not begin at a page, as in the kernel series' images, is written: by splice it
 * would take one slot more than the pipe has.
 */
final class PipeContents {

    private static final int CHUNK_BYTES = 65_536;

    private final ImageInput image;
    private final boolean copying;
    private NativeMemory chunk;

    /** @param copying write everything, so that the pipe shares no memory with the image */
    PipeContents(ImageInput image, boolean copying) {
        this.image = image;
        this.copying = copying;
    }

    /** Fills a pipe that has room for all of it. */
    void fill(int pipe, Image.Pipe saved) throws StandpipeException, ErrnoException {
        long offset = saved.payloadOffsetBytes();
        long left = saved.payloadBytes();
        if (!copying && offset % HostPage.SIZE_BYTES == 0) {
            long whole = left / HostPage.SIZE_BYTES * HostPage.SIZE_BYTES;
            splice(pipe, offset, whole);
            offset += whole;
            left -= whole;
        }
        write(pipe, offset, left);
    }

    private void splice(int pipe, long from, long lengthBytes) throws StandpipeException, ErrnoException {
        long offset = from;
        long left = lengthBytes;
        while (left > 0) {
            long moved = PipeCalls.splice(image.fd(), offset, pipe, PipeCalls.NO_OFFSET, left);
            if (moved == 0) {
                throw image.shortImage(offset, left);
            }
            if (moved < 0) {
                throw new StandpipeException("pipe took all but " + left + " bytes (EPIPE)");
            }
            offset += moved;
            left -= moved;
        }
    }

    private void write(int pipe, long from, long lengthBytes) throws StandpipeException, ErrnoException {
        long offset = from;
        long left = lengthBytes;
        while (left > 0) {
            int part = (int) Math.min(left, CHUNK_BYTES);
            if (chunk == null) {
                chunk = NativeMemory.nativeOrder(CHUNK_BYTES);
            }
            image.read(offset, chunk, part);
            for (int done = 0; done < part; ) {
                long written = FileCalls.write(pipe, chunk, done, part - done);
                if (written <= 0) {
                    throw new StandpipeException("pipe took all but " + (left - done) + " bytes (EPIPE)");
                }
                done += (int) written;
            }
            offset += part;
            left -= part;
        }
    }
}
