// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Writes the fields of a record to where they stay. One object serves one record after another. Offsets count from the record's
 * start; a field beyond its end throws an IndexOutOfBoundsException.
 */
public final class RecordFields {

    private ByteBuffer memory = ByteBuffer.allocate(0);
    private int start;
    private int length;

    RecordFields() {}

    /**
     * Goes to a record.
     *
     * @param littleEndian memory that is zero where the record's body goes
     * @param index where in the memory the record begins
     */
    RecordFields at(ByteBuffer littleEndian, int index, int recordBytes) {
        memory = littleEndian;
        start = index;
        length = recordBytes;
        return this;
    }

    private int index(int offset, int bytes) {
        return start + Objects.checkFromIndexSize(offset, bytes, length);
    }

    void putShort(int offset, short value) {
        memory.putShort(index(offset, Short.BYTES), value);
    }

    void putInt(int offset, int value) {
        memory.putInt(index(offset, Integer.BYTES), value);
    }

    /** Writes two fields, the second right behind the first. */
    void putInts(int offset, int first, int second) {
        putLong(offset, Integer.toUnsignedLong(first) | (long) second << Integer.SIZE);
    }

    void putLong(int offset, long value) {
        memory.putLong(index(offset, Long.BYTES), value);
    }

    void put(int offset, byte[] bytes) {
        put(offset, bytes, 0, bytes.length);
    }

    void put(int offset, byte[] bytes, int from, int count) {
        memory.put(index(offset, count), bytes, from, count);
    }
}
