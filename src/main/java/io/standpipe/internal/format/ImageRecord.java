// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

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
 * The length counts these 8 bytes too.
 */
public interface ImageRecord {

    int TYPE_OFFSET = 0;
    int LENGTH_OFFSET = 4;
    int HEADER_LENGTH = 8;

    /** One of {@link RecordType}. */
    int type();

    /** Bytes from the record's type to its end. */
    int lengthBytes();

    /** Writes the body's fields; what is not written is 0. */
    void encodeBody(RecordFields record);
}
