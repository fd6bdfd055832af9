// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.image.ImageSink;
import java.io.IOException;

/** Where an image goes, records and payload, each behind all that came before. */
interface ImageOutput extends ImageSink {

    /** Moves payload from a pipe to its place. */
    void splice(int pipe, long offsetBytes, long lengthBytes) throws IOException;
}
