// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;



/** An image in an array, and on its way there or from there in a file of memory: pipes are spliced from and to files. */
public final class MemoryImage implements AutoCloseable {

    private static final String NAME = "standpipe-image";
    private static final int CHUNK_BYTES = 65_536;

    private final Fd file;

    private MemoryImage(Fd file) {
        this.file = file;
    }

    public static MemoryImage create() throws StandpipeException {
        try {
            return new MemoryImage(FileCalls.memoryFile(NAME));
        } catch (ErrnoException e) {
            throw Failures.of("image in the heap", e);
        }
    }

    public static ImageFileSource open(byte[] image) throws StandpipeException {
        MemoryImage heap = create();
        boolean complete = false;
        try {
            NativeMemory chunk = NativeMemory.nativeOrder(CHUNK_BYTES);
            for (int done = 0; done < image.length; ) {
                int length = Math.min(CHUNK_BYTES, image.length - done);
                chunk.buffer().put(0, image, done, length);
                done += (int) FileCalls.write(heap.file.number(), done, chunk, 0, length);
            }
            complete = true;
            return ImageFileSource.own(heap.file, "image in the heap");
        } catch (ErrnoException e) {
            throw Failures.of("image in the heap", e);
        } finally {
            if (!complete) {
                heap.close();
            }
        }
    }

    /** Where the image is to be written. */
    public int descriptor() {
        return file.number();
    }

    public byte[] bytes() throws StandpipeException {
        try {
            long size = new Stat().read(file.number()).sizeBytes();
            if (size > Integer.MAX_VALUE - 8) {
                throw new UnavailableException("image of " + size + " bytes: too long for the heap; choose a file", null);
            }
            byte[] image = new byte[(int) size];
            NativeMemory chunk = NativeMemory.nativeOrder(CHUNK_BYTES);
            for (int done = 0; done < image.length; ) {
                int length = (int) FileCalls.read(
                        file.number(), done, chunk, 0, Math.min(CHUNK_BYTES, image.length - done));
                chunk.buffer().get(0, image, done, length);
                done += length;
            }
            return image;
        } catch (ErrnoException e) {
            throw Failures.of("image in the heap", e);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
