// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/** The numbers among the names in a folder; names that are none are left out. */
public final class DirectoryNumbers {

    private static final int ROOM_BYTES = 8192;
    /** Some forty entries: as many are listed in vain at most, where known ones follow. */
    private static final int LITTLE_ROOM_BYTES = 1024;
    private static final int FEW = 64;
    private static final int NONE = -1;
    /** Where /proc/PID/fd has the descriptor 0: after the folder itself and the one above. */
    private static final int FIRST_POSITION = 2;

    private final int fdFolder;
    private final BitSet known;
    private int[] numbers = new int[FEW];
    private int count;
    private int last = NONE;
    private boolean positionsTellNumbers;

    private DirectoryNumbers(int fdFolder, BitSet known) {
        this.fdFolder = fdFolder;
        this.known = known;
    }

    /**
     * Goes on where the folder was read to, and reads it to its end; ascending, without those that the caller knows. Many of
     * these that follow one another are jumped over if they are a process's descriptors, since the kernel takes longer to list
     * one than for most system calls.
     *
     * @param fdFolder open for reading
     */
    public static int[] without(BitSet known, int fdFolder) throws ErrnoException {
        return new DirectoryNumbers(fdFolder, known).read();
    }

    private int[] read() throws ErrnoException {
        int roomBytes = known.isEmpty() ? ROOM_BYTES : LITTLE_ROOM_BYTES;
        NativeMemory entries = ScratchMemory.take(roomBytes);
        try {
            for (int length = DirectoryNames.read(fdFolder, entries, roomBytes);
                    length > 0;
                    length = DirectoryNames.read(fdFolder, entries, roomBytes)) {
                add(entries.buffer(), length);
                jump();
            }
        } finally {
            ScratchMemory.giveBack(entries);
        }
        Arrays.sort(numbers, 0, count);
        return Arrays.copyOf(numbers, count);
    }

    private void add(ByteBuffer entries, int length) {
        long position = NONE;
        for (int at = 0; at < length; at += entries.getShort(at + DirectoryNames.LENGTH_OFFSET)) {
            int number = number(entries, at + DirectoryNames.NAME_OFFSET);
            if (number != NONE && !known.get(number)) {
                numbers = count == numbers.length ? Arrays.copyOf(numbers, 2 * count) : numbers;
                numbers[count++] = number;
            }
            positionsTellNumbers = number > last && position == (long) number + FIRST_POSITION;
            last = number;
            position = entries.getLong(at + DirectoryNames.POSITION_OFFSET);
        }
    }

    /** Over known numbers that follow the last, if positions are as expected; where that fails they are read. */
    private void jump() {
        if (positionsTellNumbers) {
            int next = known.nextClearBit(last + 1);
            if (next > last + 1) {
                Native.sp_seek(fdFolder, (long) next + FIRST_POSITION);
            }
        }
    }

    /** What a name says in decimal digits, or NONE. */
    private static int number(ByteBuffer entries, int start) {
        long number = 0;
        int at = start;
        for (; entries.get(at) != 0; at++) {
            int digit = entries.get(at) - '0';
            number = 10 * number + digit;
            if (digit < 0 || digit > 9 || number > Integer.MAX_VALUE) {
                return NONE;
            }
        }
        return at == start ? NONE : (int) number;
    }
}
