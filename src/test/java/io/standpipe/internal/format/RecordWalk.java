// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Goes through an image by type and length alone. Shares no code with the reader under test. */
final class RecordWalk {

    static final int PIPE_BUF = 305;

    /** One record's place. */
    record Found(int offset, int type, int length) {

        int end() {
            return offset + length;
        }

        /** How many of its bytes are not payload. */
        int recordBytes() {
            return type == PIPE_BUF ? 8 : length;
        }
    }

    private RecordWalk() {}

    /** All records; fails if they do not end where the image does. */
    static List<Found> of(byte[] image) {
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        List<Found> found = new ArrayList<>();
        int at = 0;
        while (at < image.length) {
            Found record = new Found(at, bytes.getInt(at), bytes.getInt(at + 4));
            if (record.length() < 8 || record.end() > image.length) {
                throw new AssertionError("no record at " + at + ": " + record);
            }
            found.add(record);
            at = record.end();
        }
        return found;
    }

    static List<Integer> types(byte[] image) {
        return of(image).stream().map(Found::type).toList();
    }

    static Found only(byte[] image, int type) {
        List<Found> found = of(image).stream().filter(record -> record.type() == type).toList();
        if (found.size() != 1) {
            throw new AssertionError("expected one record of type " + type + ", found " + found);
        }
        return found.get(0);
    }

    /** The records that are given, without payload, one behind the other. */
    static byte[] withoutPayload(byte[] image, List<Found> records) {
        byte[] out = new byte[records.stream().mapToInt(Found::recordBytes).sum()];
        int at = 0;
        for (Found record : records) {
            System.arraycopy(image, record.offset(), out, at, record.recordBytes());
            at += record.recordBytes();
        }
        return out;
    }

    static int crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Which of the image's bytes are payload. */
    static boolean[] payloadMap(byte[] image) {
        boolean[] payload = new boolean[image.length];
        for (Found record : of(image)) {
            Arrays.fill(payload, record.offset() + record.recordBytes(), record.end(), true);
        }
        return payload;
    }
}
