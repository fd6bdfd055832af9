// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.internal.format.ImageSink;
import io.standpipe.internal.format.ImageSource;

import java.nio.ByteBuffer;

/** An image on the heap, payload left out as if it were there: where records are written to, and read from. */
final class HeadersOnly implements ImageSink, ImageSource {

    private final byte[] bytes;

    HeadersOnly(int sizeBytes) {
        bytes = new byte[sizeBytes];
    }

    @Override
    public long sizeBytes() {
        return bytes.length;
    }

    @Override
    public ByteBuffer allocate(int sizeBytes) {
        return ByteBuffer.allocate(sizeBytes);
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) {
        from.get(bytes, (int) offsetBytes, from.remaining());
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) {
        into.put(bytes, (int) offsetBytes, into.remaining());
    }
}
