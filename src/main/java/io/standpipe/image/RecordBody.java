// SPDX-License-Identifier: Apache-2.0
package io.standpipe.image;

import java.nio.ByteBuffer;

/** Takes the fields of one record after another where they stay. Offsets count from the record's start. */
public final class RecordBody {

    private ByteBuffer memory;
    private int start;

    RecordBody() {}

    /** @param little little-endian memory, zeroed where the record's body goes, from an index on */
    RecordBody over(ByteBuffer little, int index) {
        memory = little;
        start = index;
        return this;
    }

    void putShort(int offset, short value) {
        memory.putShort(start + offset, value);
    }

    void putInt(int offset, int value) {
        memory.putInt(start + offset, value);
    }

    void putLong(int offset, long value) {
        memory.putLong(start + offset, value);
    }

    void put(int offset, byte[] bytes) {
        memory.put(start + offset, bytes);
    }

    void put(int offset, byte[] bytes, int from, int length) {
        memory.put(start + offset, bytes, from, length);
    }
}
