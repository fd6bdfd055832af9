// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Finds the records of an image by their type and length alone. Shares no code with the reader under test. */
public final class RecordWalk {

    public static final int PIPE_BUF = 305;
    public static final int DIGEST = 8007;

    private static final int FRAME_BYTES = 8;
    private static final int DIGEST_BYTES = 24;

    /** Where a record is, with its type; the length includes the 8 bytes of type and length. */
    public record Found(int offset, int type, int length) {

        public int end() {
            return offset + length;
        }

        /** Returns how many of the record's bytes are not payload. */
        public int recordBytes() {
            return type == PIPE_BUF ? FRAME_BYTES : length;
        }
    }

    private RecordWalk() {}

    /** Returns all records; throws if the last record does not end where the image ends. */
    public static List<Found> of(byte[] image) {
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        List<Found> found = new ArrayList<>();
        int at = 0;
        while (at < image.length) {
            Found record = new Found(at, bytes.getInt(at), bytes.getInt(at + 4));
            if (record.length() < FRAME_BYTES || record.end() > image.length) {
                throw new AssertionError("no record at " + at + ": " + record);
            }
            found.add(record);
            at = record.end();
        }
        return found;
    }

    /** Returns the types of all records, in order. */
    public static List<Integer> types(byte[] image) {
        return of(image).stream().map(Found::type).toList();
    }

    /** Returns the only record of that type; throws if there is none, or more than one. */
    public static Found only(byte[] image, int type) {
        List<Found> found = of(image).stream().filter(record -> record.type() == type).toList();
        if (found.size() != 1) {
            throw new AssertionError("expected one record of type " + type + ", found " + found);
        }
        return found.get(0);
    }

    /** Returns the bytes of the records without payload, one record behind the other. */
    public static byte[] withoutPayload(byte[] image, List<Found> records) {
        byte[] out = new byte[records.stream().mapToInt(Found::recordBytes).sum()];
        int at = 0;
        for (Found record : records) {
            System.arraycopy(image, record.offset(), out, at, record.recordBytes());
            at += record.recordBytes();
        }
        return out;
    }

    public static int crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Returns for each byte of the image whether it is payload. */
    public static boolean[] payloadMap(byte[] image) {
        boolean[] payload = new boolean[image.length];
        for (Found record : of(image)) {
            Arrays.fill(payload, record.offset() + record.recordBytes(), record.end(), true);
        }
        return payload;
    }

    /**
     * Returns a copy in which every DIGEST matches what precedes it, so that a wrong digest does not hide what else is wrong. Stops
     * where a record's length is impossible.
     */
    public static byte[] withDigest(byte[] image) {
        byte[] fixed = image.clone();
        ByteBuffer bytes = ByteBuffer.wrap(fixed).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        long covered = 0;
        int at = 0;
        while (fixed.length - at >= FRAME_BYTES) {
            int type = bytes.getInt(at);
            long length = Integer.toUnsignedLong(bytes.getInt(at + 4));
            if (length < FRAME_BYTES || length > fixed.length - at) {
                break;
            }
            if (type == DIGEST && length == DIGEST_BYTES) {
                bytes.putInt(at + 8, 1).putInt(at + 12, (int) crc.getValue()).putLong(at + 16, covered);
            }
            int digested = type == PIPE_BUF ? FRAME_BYTES : (int) length;
            crc.update(fixed, at, digested);
            covered += digested;
            at += (int) length;
        }
        return fixed;
    }
}
