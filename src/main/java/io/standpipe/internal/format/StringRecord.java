// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** STRING: a text in UTF-8, which ends with a NUL. */
public record StringRecord(String text) implements ImageRecord {

    /** What is longer is cut: the reason of a failure, not the place for a novel. */
    static final int LONGEST_BYTES = 4096;

    /** The longest beginning of a text that fits. */
    public static StringRecord of(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return new StringRecord(
                encoded.length < LONGEST_BYTES
                        ? text
                        : new String(Arrays.copyOf(encoded, LONGEST_BYTES - 1), StandardCharsets.UTF_8)
                                .replaceAll("\uFFFD+$", ""));
    }

    @Override
    public int type() {
        return RecordType.STRING;
    }

    @Override
    public int lengthBytes() {
        return HEADER_LENGTH + text.getBytes(StandardCharsets.UTF_8).length + 1;
    }

    @Override
    public void encodeBody(RecordFields record) {
        record.put(HEADER_LENGTH, text.getBytes(StandardCharsets.UTF_8));
    }

    static StringRecord decode(RecordReader view, long lengthBytes) throws MalformedImageException {
        int length = (int) lengthBytes - HEADER_LENGTH;
        if (length > LONGEST_BYTES) {
            throw view.malformed("length", Long.toString(lengthBytes), "at most " + (HEADER_LENGTH + LONGEST_BYTES));
        }
        return new StringRecord(view.text(HEADER_LENGTH, length));
    }
}
