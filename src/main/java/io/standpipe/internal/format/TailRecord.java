// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

/**
 * TAIL: the last record; an image without it was cut off.
 *
 * <pre>
 *   8  u64 magic 0x002d2a0cc0deef00
 * </pre>
 */
public record TailRecord() implements ImageRecord {

    static final long MAGIC = 0x002d2a0cc0deef00L;
    static final int LENGTH = 16;
    static final int MAGIC_OFFSET = 8;

    @Override
    public int type() {
        return RecordType.TAIL;
    }

    @Override
    public int lengthBytes() {
        return LENGTH;
    }

    @Override
    public void encodeBody(RecordFields record) {
        record.putLong(MAGIC_OFFSET, MAGIC);
    }

    static void check(RecordReader view) throws MalformedImageException {
        view.expectLength(LENGTH);
        view.expectLong(MAGIC_OFFSET, "magic", MAGIC);
    }
}
