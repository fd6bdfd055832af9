// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class DirectoryNumbersTest {

    private static final int MANY = 500;

    @TempDir
    Path folder;

    @Test
    void theyAreInOrderAndNothingElseIs() throws Exception {
        for (String name : List.of("10", "9", "0", "2147483647", "2147483648", "-1", "1x", "x1", "99999999999999999999")) {
            Files.createFile(folder.resolve(name));
        }
        for (int i = 1000; i < 1100; i++) {
            Files.createFile(folder.resolve(Integer.toString(i)));
        }
        int[] expected = IntStream.concat(
                        IntStream.of(0, 9, 10), IntStream.concat(IntStream.range(1000, 1100), IntStream.of(Integer.MAX_VALUE)))
                .toArray();
        try (Fd directory = open(folder)) {
            assertArrayEquals(expected, DirectoryNumbers.without(new BitSet(), directory.number()));
        }
    }

    /** Positions in other folders tell no numbers: nothing may be jumped over there. */
    @Test
    void ofAnyFolderJustTheKnownOnesAreLeftOut() throws Exception {
        BitSet known = new BitSet();
        known.set(100, 100 + MANY);
        for (int i = 0; i < MANY + 200; i++) {
            Files.createFile(folder.resolve(Integer.toString(i)));
        }
        int[] expected = IntStream.range(0, MANY + 200).filter(i -> !known.get(i)).toArray();
        try (Fd directory = open(folder)) {
            assertArrayEquals(expected, DirectoryNumbers.without(known, directory.number()));
        }
    }

    /** Known ones in long rows and one by one, with others between, closed ones among them, and none. */
    @Test
    void ofDescriptorsJustTheKnownOnesAreLeftOut() throws Exception {
        List<Fd> descriptors = new ArrayList<>();
        try (Fd directory = open(Path.of("/proc/self/fd"))) {
            for (int i = 0; i < MANY; i++) {
                descriptors.add(FdCalls.duplicate(directory.number()));
            }
            BitSet all = new BitSet();
            descriptors.forEach(descriptor -> all.set(descriptor.number()));
            int first = all.nextSetBit(0);
            descriptors.get(MANY / 3).close();
            for (int every : new int[] {1, 2, 50, 51, MANY / 2, MANY + 1}) {
                BitSet known = (BitSet) all.clone();
                for (int other = first + every - 1; other < first + MANY; other += every) {
                    known.clear(other);
                }
                assertLeftOut(known, all);
            }
        } finally {
            descriptors.forEach(Fd::close);
        }
    }

    private static void assertLeftOut(BitSet known, BitSet all) throws ErrnoException {
        try (Fd whole = open(Path.of("/proc/self/fd")); Fd part = open(Path.of("/proc/self/fd"))) {
            int[] expected = among(all, DirectoryNumbers.without(new BitSet(), whole.number()), known);
            int[] actual = DirectoryNumbers.without(known, part.number());
            assertTrue(IntStream.of(actual).noneMatch(known::get));
            assertArrayEquals(expected, among(all, actual, known), () -> "without " + known);
        }
    }

    /** What the JVM opens and closes itself is not looked at. */
    private static int[] among(BitSet all, int[] numbers, BitSet known) {
        return IntStream.of(numbers).filter(number -> all.get(number) && !known.get(number)).toArray();
    }

    private static Fd open(Path folder) throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_FOLDER, folder.toString(), Flags.O_RDONLY, 0);
    }
}
