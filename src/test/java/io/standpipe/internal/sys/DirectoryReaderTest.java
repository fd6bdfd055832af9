// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.nio.charset.StandardCharsets;
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
class DirectoryReaderTest {

    private static final BitSet NONE = new BitSet();
    private static final int MANY = 2000;

    @TempDir
    Path directory;

    @Test
    void namesWithPrefixLeavesOutOtherNames() throws Exception {
        create(List.of(".one", ".one-two", ".on", "one", ".two", ".One"));
        Files.createDirectory(directory.resolve(".one-directory"));
        assertEquals(List.of(".one", ".one-directory", ".one-two"), names(".one"));
    }

    @Test
    void namesWithPrefixReadsOnToTheEnd() throws Exception {
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Files.createFile(directory.resolve("other" + i));
            if (i % 100 == 0) {
                wanted.add("wanted-" + (1000 + i));
            }
        }
        create(wanted);
        assertEquals(wanted, names("wanted"));
    }

    @Test
    void namesWithPrefixLeavesOutWhatIsNotAscii() throws Exception {
        try (Fd open = open(directory)) {
            NativeMemory name = NativeMemory.ofBytes("a\u00e4".getBytes(StandardCharsets.ISO_8859_1));
            Fd.owning(Native.sp_openat(open.number(), name.address(), Flags.O_WRONLY | Flags.O_CREAT, 0600)).close();
        }
        create(List.of("ab"));
        assertEquals(List.of("ab"), names("a"));
    }

    @Test
    void whatIsNoDirectoryFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.ENOTDIR,
                    "getdents64(fd=" + pipe.readFd() + "): ENOTDIR (Not a directory)",
                    () -> DirectoryReader.namesWithPrefix(pipe.readFd(), "a"));
            assertFails(
                    Errno.ENOTDIR,
                    "getdents64(fd=" + pipe.readFd() + "): ENOTDIR (Not a directory)",
                    () -> DirectoryReader.numbersWithout(NONE, pipe.readFd()));
        }
    }

    @Test
    void numbersAreAscendingAndOtherNamesLeftOut() throws Exception {
        create(List.of("10", "9", "0", "2147483647", "2147483648", "-1", "1x", "x1", "99999999999999999999"));
        assertArrayEquals(new int[] {0, 9, 10, Integer.MAX_VALUE}, numbersWithout(NONE));
    }

    @Test
    void numbersWithoutExcludedOnesAreAllOthers() throws Exception {
        BitSet excluded = new BitSet();
        excluded.set(100, MANY - 100);
        excluded.set(MANY, 2 * MANY); // of which there is none
        create(IntStream.range(0, MANY).mapToObj(Integer::toString).toList());
        assertArrayEquals(
                IntStream.range(0, MANY).filter(number -> !excluded.get(number)).toArray(), numbersWithout(excluded));
    }

    private void create(List<String> names) throws Exception {
        for (String name : names) {
            Files.createFile(directory.resolve(name));
        }
    }

    private List<String> names(String prefix) throws ErrnoException {
        try (Fd open = open(directory)) {
            return DirectoryReader.namesWithPrefix(open.number(), prefix).stream().sorted().toList();
        }
    }

    private int[] numbersWithout(BitSet excluded) throws ErrnoException {
        try (Fd open = open(directory)) {
            return DirectoryReader.numbersWithout(excluded, open.number());
        }
    }

    private static Fd open(Path path) throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), Flags.O_RDONLY, 0);
    }
}
