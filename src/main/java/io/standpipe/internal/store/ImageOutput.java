// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.internal.format.ImageSink;


import java.io.IOException;

/** Where an image goes, records and payload, each behind all that came before. */
public interface ImageOutput extends ImageSink {

    /** Moves payload out of a pipe to behind all that came before. */
    void splice(int pipe, long lengthBytes) throws IOException;
}
