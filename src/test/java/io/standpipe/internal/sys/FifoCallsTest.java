// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** FIFOs made in a folder, and names removed from it. */
@ExtendWith(DescriptorLeakCheck.class)
class FifoCallsTest {

    private static final byte[] NAME = "fifo".getBytes(US_ASCII);

    @TempDir
    Path folder;

    private Fd handle;

    @BeforeEach
    void openTheFolder() throws Exception {
        handle = FileCalls.open(FileCalls.CURRENT_DIRECTORY, folder.toString(), Flags.O_RDONLY, 0);
    }

    @AfterEach
    void closeTheFolder() {
        handle.close();
    }

    @Test
    void aFifoHasTheModeAskedForLessTheMask() throws Exception {
        PathCalls.makeFifo(handle.number(), NAME, 0666);
        assertEquals(Flags.S_IFIFO | 0666 & ~mask(), modeOf("fifo"));
    }

    @Test
    void aFifoForItsOwnerOnlyIsThat() throws Exception {
        PathCalls.makeFifo(handle.number(), NAME, 0600);
        assertEquals(Flags.S_IFIFO | 0600 & ~mask(), modeOf("fifo"));
    }

    @Test
    void aFifoCarriesBytes() throws Exception {
        PathCalls.makeFifo(handle.number(), NAME, 0600);
        try (Fd fifo = FileCalls.open(handle.number(), "fifo", Flags.O_RDWR, 0)) {
            NativeMemory memory = NativeMemory.nativeOrder(3);
            FileCalls.write(fifo.number(), PipeIo.memoryOf("abc".getBytes(US_ASCII)), 0, 3);
            PipeCalls.read(fifo.number(), memory, 0, 3);
            byte[] read = new byte[3];
            memory.buffer().get(0, read);
            assertArrayEquals("abc".getBytes(US_ASCII), read);
        }
    }

    @Test
    void aFifoIsNotMadeWhereSomethingHasItsName() throws Exception {
        Files.writeString(folder.resolve("fifo"), "a file");
        assertFails(
                Errno.EEXIST,
                "mkfifoat(name of 4 bytes, mode=0640): EEXIST (File exists)",
                () -> PathCalls.makeFifo(handle.number(), NAME, 0640));
        assertEquals("a file", Files.readString(folder.resolve("fifo")));
    }

    @Test
    void aFifoIsNotMadeBehindALink() throws Exception {
        Files.createSymbolicLink(folder.resolve("fifo"), Path.of("elsewhere"));
        assertFails(
                Errno.EEXIST,
                "mkfifoat(name of 4 bytes, mode=0600): EEXIST (File exists)",
                () -> PathCalls.makeFifo(handle.number(), NAME, 0600));
        assertFalse(Files.exists(folder.resolve("elsewhere")));
    }

    @Test
    void aFifoIsNotMadeInAFolderThatIsNotThere() {
        assertFails(
                Errno.ENOENT,
                "mkfifoat(name of 11 bytes, mode=0600): ENOENT (No such file or directory)",
                () -> PathCalls.makeFifo(handle.number(), "absent/fifo".getBytes(US_ASCII), 0600));
    }

    @Test
    void aFifoIsNotMadeInANumberThatIsNotOpen() {
        assertFails(
                Errno.EBADF,
                "mkfifoat(name of 4 bytes, mode=0600): EBADF (Bad file descriptor)",
                () -> PathCalls.makeFifo(-1, NAME, 0600));
    }

    @Test
    void aFifosNameWithANulIsRefused() {
        byte[] name = "fi\0fo".getBytes(US_ASCII);
        assertThrows(IllegalArgumentException.class, () -> PathCalls.makeFifo(handle.number(), name, 0600));
        assertFalse(Files.exists(folder.resolve("fi")));
    }

    @Test
    void aNameIsRemoved() throws Exception {
        PathCalls.makeFifo(handle.number(), NAME, 0600);
        PathCalls.unlink(handle.number(), NAME);
        assertFalse(Files.exists(folder.resolve("fifo")));
    }

    @Test
    void aNameThatIsNoTextIsRemoved() throws Exception {
        byte[] name = {'a', (byte) 0xff, '\n'};
        PathCalls.makeFifo(handle.number(), name, 0600);
        PathCalls.unlink(handle.number(), name);
        assertEquals(0, folder.toFile().list().length);
    }

    @Test
    void aLinkIsRemovedAndNotWhatItLeadsTo() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "kept");
        Path link = Files.createSymbolicLink(folder.resolve("fifo"), file);
        PathCalls.unlink(handle.number(), NAME);
        assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS), "link");
        assertTrue(Files.exists(file), "file");
    }

    @Test
    void aNameThatIsNotThereIsNotRemoved() {
        assertFails(
                Errno.ENOENT,
                "unlinkat(name of 4 bytes): ENOENT (No such file or directory)",
                () -> PathCalls.unlink(handle.number(), NAME));
    }

    @Test
    void aFolderIsNotRemoved() throws Exception {
        Files.createDirectory(folder.resolve("fifo"));
        assertFails(
                21,
                "unlinkat(name of 4 bytes): EISDIR (Is a directory)",
                () -> PathCalls.unlink(handle.number(), NAME));
    }

    @Test
    void aNameIsNotRemovedFromANumberThatIsNotOpen() {
        assertFails(
                Errno.EBADF,
                "unlinkat(name of 4 bytes): EBADF (Bad file descriptor)",
                () -> PathCalls.unlink(-1, NAME));
    }

    @Test
    void aNameWithANulIsNotRemoved() throws Exception {
        Files.writeString(folder.resolve("fi"), "kept");
        byte[] name = "fi\0fo".getBytes(US_ASCII);
        assertThrows(IllegalArgumentException.class, () -> PathCalls.unlink(handle.number(), name));
        assertTrue(Files.exists(folder.resolve("fi")));
    }

    private int modeOf(String name) throws ErrnoException {
        try (Fd named = FileCalls.open(handle.number(), name, Flags.O_PATH, 0)) {
            return Stat.of(named.number()).mode();
        }
    }

    private static int mask() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Umask:"))
                .mapToInt(line -> Integer.parseInt(line.split("\\s+")[1], 8))
                .findFirst()
                .orElseThrow();
    }
}
