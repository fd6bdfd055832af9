// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import io.standpipe.internal.format.ImageReader;
import io.standpipe.internal.format.ImageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** An image on the heap, which throws if a reader or writer breaks the contract of {@link ImageReader.Source} and {@link ImageWriter.Sink}. */
public final class CheckedImage implements ImageWriter.Sink, ImageReader.Source {

    private static final byte ANYTHING = (byte) 0xa5;

    private byte[] bytes;
    private ByteBuffer lent;

    public CheckedImage() {
        this(new byte[0]);
    }

    public CheckedImage(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public long sizeBytes() {
        return bytes.length;
    }

    @Override
    public ByteBuffer allocate(int sizeBytes) {
        lent = ByteBuffer.allocate(sizeBytes);
        Arrays.fill(lent.array(), ANYTHING); // Allocated memory is not zeroed.
        return lent;
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) {
        checkLent(from);
        if (offsetBytes != bytes.length) {
            throw new IllegalStateException("written at " + offsetBytes + ", the image ends at " + bytes.length);
        }
        byte[] written = new byte[from.remaining()];
        from.get(written);
        append(written);
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) {
        checkLent(into);
        if (into.position() != 0 || offsetBytes + into.limit() > bytes.length) {
            throw new IllegalStateException("asked for " + into + " at " + offsetBytes + " of " + bytes.length);
        }
        into.put(bytes, (int) offsetBytes, into.limit());
    }

    /** Appends a PIPE_BUF through the writer; returns the offset of its payload, in bytes. */
    public int putPayload(ImageWriter writer, byte[] payload) throws IOException {
        return putPayload(writer, payload, 0);
    }

    /**
     * Appends a PIPE_BUF through the writer; returns the offset of its payload, in bytes.
     *
     * @param phaseBytes offset within a page at which the payload begins
     */
    public int putPayload(ImageWriter writer, byte[] payload, int phaseBytes) throws IOException {
        long offset = writer.beginPayload(payload.length, phaseBytes);
        if (payload.length > 0) {
            if (offset != bytes.length) {
                throw new IllegalStateException("payload at " + offset + ", the image ends at " + bytes.length);
            }
            append(payload);
        }
        writer.endPayload(payload.length);
        return (int) offset;
    }

    private void append(byte[] more) {
        int end = bytes.length;
        bytes = Arrays.copyOf(bytes, end + more.length);
        System.arraycopy(more, 0, bytes, end, more.length);
    }

    private void checkLent(ByteBuffer memory) {
        if (memory != lent) {
            throw new IllegalStateException("not the memory last allocated");
        }
    }
}
