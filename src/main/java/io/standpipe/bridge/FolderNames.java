// SPDX-License-Identifier: Apache-2.0
package io.standpipe.bridge;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some of the names in a folder (getdents64): those that begin in one way, or are numbers. For {@code java.nio.file} it would take a path and a dozen calls,
 * and an object for each of the others.
 */
public final class FolderNames {

    private static final int ROOM_BYTES = 8192;
    private static final int LENGTH_OFFSET = 16;
    private static final int NAME_OFFSET = 19;
    private static final int FEW = 64;

    private FolderNames() {}

    /**
     * Goes on where the folder was read to, and reads it to its end.
     *
     * @param fdFolder open for reading
     * @param beginning in ASCII; a name that goes on in anything else is left out
     */
    public static List<String> beginningWith(int fdFolder, String beginning) throws ErrnoException {
        List<String> names = new ArrayList<>(0);
        NativeMemory entries = SpareMemory.take(ROOM_BYTES);
        try {
            for (int length = read(fdFolder, entries); length > 0; length = read(fdFolder, entries)) {
                for (int at = 0; at < length; at += entries.buffer().getShort(at + LENGTH_OFFSET)) {
                    addIfWanted(entries.buffer(), at + NAME_OFFSET, beginning, names);
                }
            }
        } finally {
            SpareMemory.giveBack(entries);
        }
        return names;
    }

    /** The same of names that are numbers, ascending; names that are none are left out. */
    public static int[] numbers(int fdFolder) throws ErrnoException {
        int[] numbers = new int[FEW];
        int count = 0;
        NativeMemory entries = SpareMemory.take(ROOM_BYTES);
        try {
            for (int length = read(fdFolder, entries); length > 0; length = read(fdFolder, entries)) {
                for (int at = 0; at < length; at += entries.buffer().getShort(at + LENGTH_OFFSET)) {
                    int number = number(entries.buffer(), at + NAME_OFFSET);
                    if (number >= 0) {
                        numbers = count == numbers.length ? Arrays.copyOf(numbers, 2 * count) : numbers;
                        numbers[count++] = number;
                    }
                }
            }
        } finally {
            SpareMemory.giveBack(entries);
        }
        Arrays.sort(numbers, 0, count);
        return Arrays.copyOf(numbers, count);
    }

    /** What a name says in decimal digits, or -1. */
    private static int number(ByteBuffer entries, int start) {
        long number = 0;
        int at = start;
        for (; entries.get(at) != 0; at++) {
            int digit = entries.get(at) - '0';
            number = 10 * number + digit;
            if (digit < 0 || digit > 9 || number > Integer.MAX_VALUE) {
                return -1;
            }
        }
        return at == start ? -1 : (int) number;
    }

    private static int read(int fdFolder, NativeMemory entries) throws ErrnoException {
        int length = Native.sp_getdents64(fdFolder, entries.address(), ROOM_BYTES);
        if (length < 0) {
            throw new ErrnoException(length, "getdents64(fd=" + fdFolder + ")");
        }
        return length;
    }

    private static void addIfWanted(ByteBuffer entries, int start, String beginning, List<String> names) {
        for (int i = 0; i < beginning.length(); i++) {
            if (entries.get(start + i) != beginning.charAt(i)) { // a shorter name ends with NUL, which differs
                return;
            }
        }
        StringBuilder name = new StringBuilder(beginning);
        for (int at = start + beginning.length(); entries.get(at) != 0; at++) {
            if (entries.get(at) < 0) {
                return;
            }
            name.append((char) entries.get(at));
        }
        names.add(name.toString());
    }
}
