// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Takes the fields of one record after another where they stay. Offsets count from the record's start; what would go beyond its end
 * is refused with an IndexOutOfBoundsException.
 */
public final class RecordFields {

    private ByteBuffer memory;
    private int start;
    private int length;

    RecordFields() {}

    /** @param little little-endian memory, zeroed where the record's body goes, from an index on */
    RecordFields over(ByteBuffer little, int index, int recordBytes) {
        memory = little;
        start = index;
        length = recordBytes;
        return this;
    }

    private int at(int offset, int bytes) {
        return start + Objects.checkFromIndexSize(offset, bytes, length);
    }

    void putShort(int offset, short value) {
        memory.putShort(at(offset, Short.BYTES), value);
    }

    void putInt(int offset, int value) {
        memory.putInt(at(offset, Integer.BYTES), value);
    }

    /** Two fields of which the second comes right behind the first. */
    void putInts(int offset, int first, int second) {
        putLong(offset, Integer.toUnsignedLong(first) | (long) second << Integer.SIZE);
    }

    void putLong(int offset, long value) {
        memory.putLong(at(offset, Long.BYTES), value);
    }

    void put(int offset, byte[] bytes) {
        put(offset, bytes, 0, bytes.length);
    }

    void put(int offset, byte[] bytes, int from, int count) {
        memory.put(at(offset, count), bytes, from, count);
    }
}
