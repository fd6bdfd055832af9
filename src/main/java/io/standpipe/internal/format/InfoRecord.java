// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.nio.charset.StandardCharsets;

/**
 * INFO (extension): who wrote the image, and in which version of the extensions. Where it is, a DIGEST must be too.
 *
 * <pre>
 *   8  u32 format_version = 2
 *  12  u32 page_size     bytes, a power of two, of the machine that wrote
 *  16  char creator[24]  UTF-8, NUL-padded
 *  40  char version[24]  of the creator, UTF-8, NUL-padded
 * </pre>
 */
public record InfoRecord(int formatVersion, int pageSizeBytes, String creator, String creatorVersion)
        implements ImageRecord {

    public static final int FORMAT_VERSION = 2;

    static final int LENGTH = 64;
    static final int FORMAT_OFFSET = 8;
    static final int PAGE_SIZE_OFFSET = 12;
    static final int CREATOR_OFFSET = 16;
    static final int VERSION_OFFSET = 40;
    static final int TEXT_LENGTH = 24;

    @Override
    public RecordType type() {
        return RecordType.INFO;
    }

    @Override
    public int lengthBytes() {
        return LENGTH;
    }

    @Override
    public void encodeBody(RecordFields fields) {
        fields.putInt(FORMAT_OFFSET, formatVersion);
        fields.putInt(PAGE_SIZE_OFFSET, pageSizeBytes);
        putText(fields, CREATOR_OFFSET, creator);
        putText(fields, VERSION_OFFSET, creatorVersion);
    }

    private static void putText(RecordFields fields, int offset, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        fields.put(offset, encoded, 0, Math.min(encoded.length, TEXT_LENGTH - 1));
    }

    static InfoRecord decode(RecordReader record) throws MalformedImageException {
        record.expectLength(LENGTH);
        record.expectInt("format_version", record.s32(FORMAT_OFFSET), FORMAT_VERSION);
        int pageSize = record.positive(PAGE_SIZE_OFFSET, "page_size");
        if (Integer.bitCount(pageSize) != 1) {
            throw record.malformed("page_size", Integer.toString(pageSize), "a power of two");
        }
        return new InfoRecord(
                record.s32(FORMAT_OFFSET), pageSize,
                record.text(CREATOR_OFFSET, TEXT_LENGTH), record.text(VERSION_OFFSET, TEXT_LENGTH));
    }
}
