// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The fields of a record, and the checks that decoding a record makes. One object serves one record after another. Offsets count
 * from the record's start; the length is to be checked before any field is read.
 */
public final class RecordReader {

    private int type;
    private long lengthBytes;
    private long imageOffset;
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int start;

    /** Sets the memory, little-endian, that holds the records. */
    void setMemory(ByteBuffer memory) {
        bytes = memory;
    }

    /**
     * Goes to a record.
     *
     * @param index where in the memory it begins
     */
    RecordReader at(int recordType, long recordBytes, long recordOffset, int index) {
        type = recordType;
        lengthBytes = recordBytes;
        imageOffset = recordOffset;
        start = index;
        return this;
    }

    int u16(int offset) {
        return Short.toUnsignedInt(bytes.getShort(start + offset));
    }

    int s32(int offset) {
        return bytes.getInt(start + offset);
    }

    long s64(int offset) {
        return bytes.getLong(start + offset);
    }

    /** Returns a text of a fixed length, up to its first NUL. */
    String text(int offset, int lengthBytes) {
        byte[] text = bytes(offset, lengthBytes);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8);
    }

    long lengthBytes() {
        return lengthBytes;
    }

    byte[] bytes(int offset, int lengthBytes) {
        byte[] copy = new byte[lengthBytes];
        bytes.get(start + offset, copy);
        return copy;
    }

    int positive(int offset, String field) throws MalformedImageException {
        int value = s32(offset);
        if (value <= 0) {
            throw malformed(field, Integer.toString(value), "a positive number");
        }
        return value;
    }

    int notNegative(int offset, String field) throws MalformedImageException {
        int value = s32(offset);
        if (value < 0) {
            throw malformed(field, Integer.toString(value), "0 or more");
        }
        return value;
    }

    int upTo(int offset, String field, int most) throws MalformedImageException {
        int value = s32(offset);
        if (value < 0 || value > most) {
            throw malformed(field, Integer.toUnsignedString(value), "0 to " + most);
        }
        return value;
    }

    void expectAtLeast(long expected) throws MalformedImageException {
        if (lengthBytes < expected) {
            throw malformed("length", Long.toString(lengthBytes), "at least " + expected);
        }
    }

    void expectAtMost(long expected) throws MalformedImageException {
        if (lengthBytes > expected) {
            throw malformed("length", Long.toString(lengthBytes), "at most " + expected);
        }
    }

    void expectLength(long expected) throws MalformedImageException {
        if (lengthBytes != expected) {
            throw malformed("length", Long.toString(lengthBytes), Long.toString(expected));
        }
    }

    void expectInt(String field, int found, int expected) throws MalformedImageException {
        if (found != expected) {
            throw malformed(field, Integer.toString(found), Integer.toString(expected));
        }
    }

    void expectLong(int offset, String field, long expected) throws MalformedImageException {
        long found = s64(offset);
        if (found != expected) {
            throw malformed(field, String.format("0x%016x", found), String.format("0x%016x", expected));
        }
    }

    MalformedImageException malformed(String field, String found, String expected) {
        return new MalformedImageException(
                imageOffset, RecordType.name(type) + ": " + field + " is " + found + ", expected " + expected + " (EINVAL)");
    }
}
