// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;

/**
 * An image that does not hold what it should. The message names the place, what was found and what was expected:
 * {@code offset 451: FILE: length is 48, expected 56}.
 */
public final class MalformedImageException extends IOException {

    /** How the problem begins of what is no image. */
    static final String NO_IMAGE = "not an image: ";

    private final long offsetBytes;
    private final String problem;

    MalformedImageException(long offsetBytes, String problem) {
        super("offset " + offsetBytes + ": " + problem);
        this.offsetBytes = offsetBytes;
        this.problem = problem;
    }

    /** What is wrong, without the place. */
    public String problem() {
        return problem;
    }

    /** Returns whether it is no image at all, rather than a damaged one. */
    public boolean isNoImage() {
        return problem.startsWith(NO_IMAGE);
    }

    /** Where in the image the record begins that could not be accepted. */
    public long offsetBytes() {
        return offsetBytes;
    }
}
