// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Images in the kernel series' own layout, built from its numbers and not by the code under test: one process with one
 * pipe or FIFO, payload right behind the 8 bytes of the PIPE_BUF header.
 */
public final class SeedImage {

    private static final int NO_STATE = 0;
    private static final int TYPE_PIPE = 2;
    private static final int TYPE_FIFO = 3;
    private static final int UTS_LENGTH = 65;
    private static final int TABLE = 1;
    private static final int PIPE = 2;
    private static final int READ_END = 3;
    private static final int WRITE_END = 4;

    private final ByteBuffer bytes;

    private SeedImage(int capacityBytes) {
        bytes = ByteBuffer.allocate(capacityBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Both ends of a pipe. */
    public static byte[] onePipe(int readNumber, int writeNumber, byte[] payload) {
        return onePipe(readNumber, writeNumber, payload, NO_STATE);
    }

    /** Both ends of a pipe, with a PIPE_STATE that tells its capacity, and no other extension. */
    public static byte[] onePipe(int readNumber, int writeNumber, byte[] payload, int capacityBytes) {
        return onePipe(readNumber, writeNumber, payload, capacityBytes, 0);
    }

    /** The same, of a pipe that belongs to a user and to the group of the same number. */
    public static byte[] onePipe(int readNumber, int writeNumber, byte[] payload, int capacityBytes, int owner) {
        SeedImage image = new SeedImage(1024 + payload.length);
        image.beginning(2);
        image.description(READ_END, TYPE_PIPE, 0);
        if (capacityBytes != NO_STATE) {
            image.record(8003, 64);
            image.bytes.putInt(PIPE).putInt(capacityBytes);
            image.bytes.putLong(1).putLong(1).putInt(owner).putInt(owner).putInt(0010600).putInt(0);
            image.bytes.putLong(payload.length).putLong(0);
        }
        image.payload(payload);
        image.descriptor(READ_END, readNumber);
        image.description(WRITE_END, TYPE_PIPE, 1);
        image.descriptor(WRITE_END, writeNumber);
        return image.end();
    }

    /** A FIFO that is open for reading and writing, with any path, and no extension. */
    public static byte[] oneFifo(int number, String path, byte[] payload) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        SeedImage image = new SeedImage(1024 + name.length + payload.length);
        image.beginning(1);
        image.description(READ_END, TYPE_FIFO, 2);
        image.record(303, 8 + name.length + 1);
        image.bytes.put(name).put((byte) 0);
        image.payload(payload);
        image.descriptor(READ_END, number);
        return image.end();
    }

    private void payload(byte[] payload) {
        record(305, 8 + payload.length);
        bytes.put(payload);
    }

    private void beginning(int descriptors) {
        record(1, 72);
        bytes.putLong(0x00feed0cc0a2d200L);
        bytes.putShort((short) 2).putShort((short) 2).putShort((short) 6).putShort((short) 32).putShort((short) 6);
        skip(16);
        bytes.putShort((short) UTS_LENGTH).putShort((short) UTS_LENGTH).putShort((short) UTS_LENGTH);
        skip(8);
        bytes.putLong(1_255_000_000L).putLong(0);
        for (int field = 0; field < 3; field++) {
            record(4, 8 + UTS_LENGTH);
            skip(UTS_LENGTH);
        }
        record(102, 16);
        bytes.putInt(1).putInt(0);
        record(4, 8 + 24);
        bytes.putInt(4711).putInt(1).putInt(4711).putInt(4711).putInt(4711).putInt(0);
        record(6, 16);
        bytes.putInt(3).putInt(TABLE);
        record(301, 16);
        bytes.putInt(descriptors).putInt(0);
    }

    private void description(int objref, int fileType, int accessMode) {
        record(6, 16);
        bytes.putInt(4).putInt(objref);
        record(304, 56);
        bytes.putInt(fileType).putInt(accessMode + 1).putInt(accessMode);
        skip(28);
        bytes.putInt(PIPE).putInt(0);
    }

    private void descriptor(int objref, int number) {
        record(302, 24);
        bytes.putInt(objref).putInt(number).putInt(0).putInt(0);
    }

    private byte[] end() {
        record(105, 32);
        bytes.putInt(TABLE);
        skip(20);
        record(9001, 16);
        bytes.putLong(0x002d2a0cc0deef00L);
        byte[] image = new byte[bytes.position()];
        bytes.get(0, image);
        return image;
    }

    private void record(int type, int lengthBytes) {
        bytes.putInt(type).putInt(lengthBytes);
    }

    private void skip(int zeros) {
        bytes.position(bytes.position() + zeros);
    }
}
