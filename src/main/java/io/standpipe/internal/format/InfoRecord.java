// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
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
public record InfoRecord(int formatVersion, int pageSizeBytes, String creator, String creatorVersion) implements ImageRecord {

    public static final int FORMAT_VERSION = 2;

    private static final int FORMAT_OFFSET = 8;
    private static final int PAGE_SIZE_OFFSET = 12;
    private static final int CREATOR_OFFSET = 16;
    private static final int VERSION_OFFSET = 40;
    private static final int TEXT_LENGTH = 24;

    @Override
    public void encode(ImageWriter to) throws IOException {
        to.begin(RecordType.INFO);
        to.putInts(FORMAT_OFFSET, formatVersion, pageSizeBytes);
        putText(to, CREATOR_OFFSET, creator);
        putText(to, VERSION_OFFSET, creatorVersion);
    }

    private static void putText(ImageWriter to, int offset, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        to.put(offset, encoded, Math.min(encoded.length, TEXT_LENGTH - 1));
    }

    static InfoRecord decode(RecordCursor record) throws MalformedImageException {
        record.expectLength(RecordType.INFO);
        record.expectInt("format_version", record.s32(FORMAT_OFFSET), FORMAT_VERSION);
        return new InfoRecord(
                FORMAT_VERSION, record.powerOfTwo(PAGE_SIZE_OFFSET, "page_size"),
                record.text(CREATOR_OFFSET, TEXT_LENGTH), record.text(VERSION_OFFSET, TEXT_LENGTH));
    }
}
