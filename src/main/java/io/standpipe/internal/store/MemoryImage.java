// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;

/** An image in a byte array, by way of a file in memory: pipes are spliced to and from files. */
public final class MemoryImage implements AutoCloseable {

    /** What /proc shows as the name of a file in memory. */
    static final String FILE_NAME = "standpipe-image";

    private static final String NAME = "image in the heap";
    private static final int CHUNK_BYTES = 65_536;
    /** Some JVMs refuse arrays that are a little shorter than Integer.MAX_VALUE. */
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final Fd file;

    private MemoryImage(Fd file) {
        this.file = file;
    }

    /** Creates an empty file in memory. */
    public static MemoryImage create() throws StandpipeException {
        NativeLibrary.require();
        try {
            return new MemoryImage(FileCalls.memoryFile(FILE_NAME));
        } catch (ErrnoException e) {
            throw Failures.of(NAME, e);
        }
    }

    /** Returns a source of the image in an array. */
    public static ImageFileSource open(byte[] image) throws StandpipeException {
        MemoryImage copy = create();
        boolean complete = false;
        try {
            NativeMemory chunk = NativeMemory.nativeOrder(CHUNK_BYTES);
            for (int done = 0; done < image.length; ) {
                int length = Math.min(CHUNK_BYTES, image.length - done);
                chunk.buffer().put(0, image, done, length);
                done += (int) FileCalls.write(copy.file.number(), done, chunk, 0, length);
            }
            complete = true;
            return ImageFileSource.own(copy.file, NAME);
        } catch (ErrnoException e) {
            throw Failures.of(NAME, e);
        } finally {
            if (!complete) {
                copy.close();
            }
        }
    }

    /** Returns the fd that the image is to be written to. */
    public int descriptor() {
        return file.number();
    }

    /** Returns what was written to the file. */
    public byte[] bytes() throws StandpipeException {
        try {
            long sizeBytes = Stat.of(file.number()).sizeBytes();
            if (sizeBytes > LONGEST_ARRAY) {
                throw new UnavailableException(
                        "image of " + sizeBytes + " bytes: too long for the heap; choose a file", null);
            }
            byte[] image = new byte[(int) sizeBytes];
            NativeMemory chunk = NativeMemory.nativeOrder(CHUNK_BYTES);
            for (int done = 0; done < image.length; ) {
                int length = (int) FileCalls.read(
                        file.number(), done, chunk, 0, Math.min(CHUNK_BYTES, image.length - done));
                chunk.buffer().get(0, image, done, length);
                done += length;
            }
            return image;
        } catch (ErrnoException e) {
            throw Failures.of(NAME, e);
        }
    }

    /** Sends what was written to the file to a channel. */
    public void sendTo(ImageChannelOutput channel) throws IOException {
        NativeMemory chunk = NativeMemory.nativeOrder(CHUNK_BYTES);
        long sizeBytes = Stat.of(file.number()).sizeBytes();
        for (long done = 0; done < sizeBytes; ) {
            int length = (int) FileCalls.read(file.number(), done, chunk, 0, Math.min(CHUNK_BYTES, sizeBytes - done));
            channel.write(done, chunk.buffer().duplicate().clear().limit(length));
            done += length;
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
