// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Puts BPF instructions together, one behind the other. Registers are told by their numbers, 0 to 10. */
final class BpfCode {

    static final int BYTES_2 = 0x08;
    static final int BYTES_4 = 0x00;
    static final int BYTES_8 = 0x18;

    static final int ALWAYS = 0x00;
    static final int IF_EQUAL = 0x10;
    static final int IF_GREATER = 0x20;
    static final int IF_NOT_EQUAL = 0x50;

    static final int PLUS = 0x00;
    static final int MINUS = 0x10;
    static final int TIMES = 0x20;
    static final int OR = 0x40;
    static final int AND = 0x50;
    static final int SHIFT_RIGHT = 0x70;

    private static final int LOAD = 0x61;
    private static final int STORE = 0x63;
    private static final int LOAD_8_BYTES_FOLLOWING = 0x18;
    private static final int CALCULATE = 0x07;
    private static final int MOVE = 0xB7;
    private static final int JUMP = 0x05;
    private static final int CALL = 0x85;
    private static final int EXIT = 0x95;
    private static final int WITH_REGISTER = 0x08;
    private static final int OF_MAP_VALUE = 2;

    private static final int BY_TYPE = 2;

    private static final int LENGTH = 8;
    private static final int MOST = 256;

    private final ByteBuffer code = ByteBuffer.allocateDirect(MOST * LENGTH).order(ByteOrder.nativeOrder());

    private void add(int operation, int to, int from, int offset, int value) {
        // Two registers of four bits share a byte, the first one in what is the lower half on this machine.
        int registers = code.order() == ByteOrder.LITTLE_ENDIAN ? from << 4 | to : to << 4 | from;
        code.put((byte) operation).put((byte) registers).putShort((short) offset).putInt(value);
    }

    /** to = what is at an address. */
    void load(int size, int to, int address, int offset) {
        add(LOAD | size, to, address, offset, 0);
    }

    /** What is at an address = from. */
    void store(int size, int address, int offset, int from) {
        add(STORE | size, address, from, offset, 0);
    }

    /** to = where the value of a map is. */
    void loadMapValue(int to, int map) {
        add(LOAD_8_BYTES_FOLLOWING, to, OF_MAP_VALUE, 0, map);
        add(0, 0, 0, 0, 0);
    }

    void move(int to, int from) {
        add(MOVE | WITH_REGISTER, to, from, 0, 0);
    }

    void set(int to, int value) {
        add(MOVE, to, 0, 0, value);
    }

    /** to = to (operation) value. */
    void calculate(int operation, int to, int value) {
        add(CALCULATE | operation, to, 0, 0, value);
    }

    /** to = to (operation) from. */
    void calculateWith(int operation, int to, int from) {
        add(CALCULATE | WITH_REGISTER | operation, to, from, 0, 0);
    }

    /** Calls a function of the kernel's: its arguments are in 1 to 5, and what it returns in 0; 1 to 5 are lost. */
    void call(int function) {
        add(CALL, 0, 0, 0, function);
    }

    /** The same with one that the kernel offers by its id in BTF. */
    void callByType(int function) {
        add(CALL, 0, BY_TYPE, 0, function);
    }

    void exit() {
        add(EXIT, 0, 0, 0, 0);
    }

    /** Jumps if left (condition) right; returns what {@link #land} is to be given. */
    int jump(int condition, int left, int right) {
        add(JUMP | condition, left, 0, 0, right);
        return code.position();
    }

    /** The same, with a register on either side. */
    int jumpWith(int condition, int left, int right) {
        add(JUMP | WITH_REGISTER | condition, left, right, 0, 0);
        return code.position();
    }

    /** Here is where a jump leads. */
    void land(int jump) {
        code.putShort(jump - LENGTH + 2, (short) ((code.position() - jump) / LENGTH));
    }

    /** All of it, from the buffer's beginning to its limit. */
    ByteBuffer finished() {
        return code.duplicate().order(code.order()).flip();
    }
}
