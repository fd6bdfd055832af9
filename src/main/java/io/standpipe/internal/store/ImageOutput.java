// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.internal.format.ImageWriter;
import java.io.IOException;

/** Where an image is written, records and payload in the order of the image. */
public interface ImageOutput extends ImageWriter.Sink {

    /**
     * Moves payload from a pipe to the end of what was written.
     *
     * @param pipe fd of a read end that has at least so many bytes queued
     * @param hasPackets whether some of them are packets, of which a read may lose what does not fit
     */
    void splice(int pipe, long lengthBytes, boolean hasPackets) throws IOException;
}
