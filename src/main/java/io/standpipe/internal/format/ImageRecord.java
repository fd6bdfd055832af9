// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;

/**
 * One record of an image. Every record starts with {@code ckpt_hdr}, little-endian as all of the image:
 *
 * <pre>
 *  0                   4                   8
 *  +-------------------+-------------------+----------------
 *  | u32 type          | u32 length        | body ...
 *  +-------------------+-------------------+----------------
 * </pre>
 *
 * The length includes these 8 bytes.
 */
public interface ImageRecord {

    int TYPE_OFFSET = 0;
    int LENGTH_OFFSET = 4;
    int HEADER_LENGTH = 8;

    /** Begins the record, and writes the fields behind its header; bytes that no field covers are 0. */
    void encode(ImageWriter to) throws IOException;
}
