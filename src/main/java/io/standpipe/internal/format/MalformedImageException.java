// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;

/**
 * An image that does not hold what it should. The message names the place, what was found and what was expected:
 * {@code offset 451: FILE: length is 48, expected 56 (EINVAL)}.
 */
public final class MalformedImageException extends IOException {

    private final long offsetBytes;

    MalformedImageException(long offsetBytes, String problem) {
        super("offset " + offsetBytes + ": " + problem);
        this.offsetBytes = offsetBytes;
    }

    /** Where in the image the record begins that could not be accepted. */
    public long offsetBytes() {
        return offsetBytes;
    }
}
