// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.s3;

/**
 * How long the parts of an object are: 8 MiB, and 8 MiB more after each 64 parts, so that the 10,000 parts that a store allows reach
 * beyond 5 TiB while those of an image of less than 512 MiB are 8 MiB long. Reader and writer know the sizes from this rule alone.
 */
final class PartSizes {

    /** The value of the metadata {@link #METADATA_KEY} of an object whose parts follow this rule. */
    static final String METADATA_VALUE = "8MiB+8MiB/64";
    static final String METADATA_KEY = "standpipe-parts";
    static final int MOST_PARTS = 10_000;

    private static final int STEP_BYTES = 8 << 20;
    private static final int PARTS_OF_ONE_SIZE = 64;
    private static final int MOST_IN_FLIGHT = 4;
    private static final int MOST_BYTES_IN_FLIGHT = 64 << 20;

    private PartSizes() {}

    /** @param part from 1 */
    static int sizeBytes(int part) {
        return STEP_BYTES * ((part - 1) / PARTS_OF_ONE_SIZE + 1);
    }

    /** Returns how many parts of the size of this one may be under way at once. */
    static int inFlight(int part) {
        return Math.max(1, Math.min(MOST_IN_FLIGHT, MOST_BYTES_IN_FLIGHT / sizeBytes(part)));
    }
}
