// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.nio.charset.StandardCharsets;

/** BUFFER: bytes whose meaning the record before tells, such as a utsname field after HEADER. */
public record BufferRecord(byte[] bytes) implements ImageRecord {

    /** A utsname field: 65 bytes, NUL-padded, cut if longer. */
    public static BufferRecord ofUts(String field) {
        byte[] bytes = new byte[HeaderRecord.UTS_LENGTH];
        byte[] encoded = field.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(encoded, 0, bytes, 0, Math.min(encoded.length, bytes.length - 1));
        return new BufferRecord(bytes);
    }

    @Override
    public int type() {
        return RecordType.BUFFER;
    }

    @Override
    public int lengthBytes() {
        return HEADER_LENGTH + bytes.length;
    }

    @Override
    public void encodeBody(RecordFields record) {
        record.put(HEADER_LENGTH, bytes);
    }

    static String decodeUts(RecordReader view, int lengthBytes) throws MalformedImageException {
        view.expectLength(HEADER_LENGTH + lengthBytes);
        return view.text(HEADER_LENGTH, lengthBytes);
    }
}
