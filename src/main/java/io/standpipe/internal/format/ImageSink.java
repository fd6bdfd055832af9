// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where an image's records go, in order. Payload goes there past the writer. */
public interface ImageSink {

    /** Memory, with anything in it, of which {@link #write} can be given parts. */
    ByteBuffer allocate(int sizeBytes);

    /**
     * Takes bytes of records.
     *
     * @param offsetBytes their place in the image: behind all that came before, payload included
     * @param bytes the memory last allocated here, of which all between position and limit is meant
     */
    void write(long offsetBytes, ByteBuffer bytes) throws IOException;
}
