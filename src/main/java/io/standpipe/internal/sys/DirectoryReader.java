// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists a directory by its fd (getdents64). {@code java.nio.file} would need the directory's path and a dozen calls, and would make
 * an object for each entry, wanted or not.
 */
public final class DirectoryReader {

    private static final int MEMORY_BYTES = 8192;

    // struct linux_dirent64: u64 inode, s64 position, u16 length, u8 type; then the name, which ends with NUL.
    private static final int LENGTH_OFFSET = 16;
    private static final int NAME_OFFSET = 19;

    private static final int NO_NUMBER = -1;

    private interface NameVisitor {
        void visit(ByteBuffer entries, int nameOffset);
    }

    private DirectoryReader() {}

    /**
     * Returns the names that begin with a prefix, in the directory's order. Names that are not ASCII are left out.
     *
     * @param fdDirectory an fd open for reading; its position moves to the end
     * @param prefix ASCII
     */
    public static List<String> namesWithPrefix(int fdDirectory, String prefix) throws ErrnoException {
        List<String> names = new ArrayList<>(0);
        visitNames(fdDirectory, (entries, nameOffset) -> {
            String name = hasPrefix(entries, nameOffset, prefix) ? asciiName(entries, nameOffset) : null;
            if (name != null) {
                names.add(name);
            }
        });
        return names;
    }

    /**
     * Returns the names that are decimal numbers, as {@code int}s in ascending order. Other names are left out.
     *
     * @param fdDirectory an fd open for reading; its position moves to the end
     * @param excluded numbers to leave out
     */
    public static int[] numbersWithout(BitSet excluded, int fdDirectory) throws ErrnoException {
        Numbers numbers = new Numbers();
        visitNames(fdDirectory, (entries, nameOffset) -> {
            int number = number(entries, nameOffset);
            if (number != NO_NUMBER && !excluded.get(number)) {
                numbers.add(number);
            }
        });
        return numbers.sorted();
    }

    /** Numbers without an object for each, nor a stream for a few of them. */
    private static final class Numbers {
        private int[] numbers = new int[16];
        private int count;

        private void add(int number) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number;
        }

        private int[] sorted() {
            int[] sorted = Arrays.copyOf(numbers, count);
            Arrays.sort(sorted);
            return sorted;
        }
    }

    private static void visitNames(int fdDirectory, NameVisitor visitor) throws ErrnoException {
        NativeMemory memory = ScratchMemory.take(MEMORY_BYTES);
        try {
            ByteBuffer entries = memory.buffer();
            for (int length = read(fdDirectory, memory); length > 0; length = read(fdDirectory, memory)) {
                for (int at = 0; at < length; at += entries.getShort(at + LENGTH_OFFSET)) {
                    visitor.visit(entries, at + NAME_OFFSET);
                }
            }
        } finally {
            ScratchMemory.giveBack(memory);
        }
    }

    private static int read(int fdDirectory, NativeMemory memory) throws ErrnoException {
        int length = Native.sp_getdents64(fdDirectory, memory.address(), MEMORY_BYTES);
        if (length < 0) {
            throw new ErrnoException(length, "getdents64(fd=" + fdDirectory + ")");
        }
        return length;
    }

    private static boolean hasPrefix(ByteBuffer entries, int nameOffset, String prefix) {
        for (int i = 0; i < prefix.length(); i++) {
            if (entries.get(nameOffset + i) != prefix.charAt(i)) { // a shorter name ends with NUL, which differs too
                return false;
            }
        }
        return true;
    }

    /** Returns a name, or null if it is not ASCII. */
    private static @Nullable String asciiName(ByteBuffer entries, int nameOffset) {
        StringBuilder name = new StringBuilder();
        for (int at = nameOffset; entries.get(at) != 0; at++) {
            if (entries.get(at) < 0) {
                return null;
            }
            name.append((char) entries.get(at));
        }
        return name.toString();
    }

    /** Returns the number that a name is in decimal digits, or {@link #NO_NUMBER}. */
    private static int number(ByteBuffer entries, int nameOffset) {
        long number = 0;
        int at = nameOffset;
        for (; entries.get(at) != 0; at++) {
            int digit = entries.get(at) - '0';
            number = 10 * number + digit;
            if (digit < 0 || digit > 9 || number > Integer.MAX_VALUE) {
                return NO_NUMBER;
            }
        }
        return at == nameOffset ? NO_NUMBER : (int) number;
    }
}
