// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where an image is read from. */
public interface ImageSource {

    /** Length of the whole image. */
    long sizeBytes();

    /** Memory that {@link #read} can fill. */
    ByteBuffer allocate(int sizeBytes);

    /**
     * Fills the memory last allocated here from its start to its limit, or fails: the reader asks for nothing beyond the
     * size.
     */
    void read(long offsetBytes, ByteBuffer into) throws IOException;
}
