// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

/**
 * Decisions taken from bytes, one after another. What is usual is chosen by 0, and by all that comes behind the last byte: so
 * no bytes at all make a usual image, and each byte that is not 0 makes one difference.
 */
final class Choices {

    /** From here up a byte asks for a number that is not the usual one. */
    private static final int ODD = 200;
    private static final long[] ODD_NUMBERS = {
        0, 1, -1, 2, 3, 7, 8, 9, 12, 16, 4095, 4096, 4097, 8192, 65_535, 65_536, 1 << 20, 1 << 30, (1L << 31) - 1, 1L << 31,
        0xffff_ffffL, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private final byte[] bytes;
    private int at;

    Choices(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isSpent() {
        return at >= bytes.length;
    }

    int next() {
        return isSpent() ? 0 : bytes[at++] & 0xff;
    }

    /** 0 to a number below 256. */
    int upTo(int most) {
        return next() % (most + 1);
    }

    boolean yes() {
        return (next() & 1) != 0;
    }

    /** The usual number, its neighbour, one of those that break things, or any. */
    long number(long usual) {
        int choice = next();
        if (choice < ODD) {
            return usual;
        }
        int odd = choice - ODD;
        if (odd < ODD_NUMBERS.length) {
            return ODD_NUMBERS[odd];
        }
        if (odd == ODD_NUMBERS.length) {
            return usual + 1;
        }
        return odd == ODD_NUMBERS.length + 1 ? usual - 1 : any(odd % 2 == 0 ? Integer.BYTES : 2);
    }

    int integer(int usual) {
        return (int) number(usual);
    }

    private long any(int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | next();
        }
        return value;
    }

    /** So many bytes; 0 where none are left. */
    byte[] bytes(int count) {
        byte[] taken = new byte[count];
        int there = Math.min(count, bytes.length - at);
        System.arraycopy(bytes, at, taken, 0, there);
        at += there;
        return taken;
    }
}
