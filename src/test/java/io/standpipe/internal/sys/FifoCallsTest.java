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

/** FIFOs made in a directory, and names removed from it. */
@ExtendWith(DescriptorLeakCheck.class)
class FifoCallsTest {

    private static final byte[] NAME = "fifo".getBytes(US_ASCII);

    @TempDir
    Path temporary;

    private Fd handle;

    @BeforeEach
    void openTheDirectory() throws Exception {
        handle = FileCalls.open(FileCalls.CURRENT_DIRECTORY, temporary.toString(), Flags.O_RDONLY, 0);
    }

    @AfterEach
    void closeTheDirectory() {
        handle.close();
    }

    @Test
    void makeFifoAppliesTheUmask() throws Exception {
        PathCalls.makeFifo(handle.number(), NAME, 0666);
        assertEquals(Flags.S_IFIFO | 0666 & ~mask(), modeOf("fifo"));
    }

    @Test
    void makeFifoForItsOwnerOnly() throws Exception {
        PathCalls.makeFifo(handle.number(), NAME, 0600);
        assertEquals(Flags.S_IFIFO | 0600 & ~mask(), modeOf("fifo"));
    }

    @Test
    void madeFifoCarriesBytes() throws Exception {
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
    void makeFifoWithATakenNameFails() throws Exception {
        Files.writeString(temporary.resolve("fifo"), "a file");
        assertFails(
                Errno.EEXIST,
                "mkfifoat(name of 4 bytes, mode=0640): EEXIST (File exists)",
                () -> PathCalls.makeFifo(handle.number(), NAME, 0640));
        assertEquals("a file", Files.readString(temporary.resolve("fifo")));
    }

    @Test
    void makeFifoOverALinkFails() throws Exception {
        Files.createSymbolicLink(temporary.resolve("fifo"), Path.of("elsewhere"));
        assertFails(
                Errno.EEXIST,
                "mkfifoat(name of 4 bytes, mode=0600): EEXIST (File exists)",
                () -> PathCalls.makeFifo(handle.number(), NAME, 0600));
        assertFalse(Files.exists(temporary.resolve("elsewhere")));
    }

    @Test
    void makeFifoInAMissingDirectoryFails() {
        assertFails(
                Errno.ENOENT,
                "mkfifoat(name of 11 bytes, mode=0600): ENOENT (No such file or directory)",
                () -> PathCalls.makeFifo(handle.number(), "absent/fifo".getBytes(US_ASCII), 0600));
    }

    @Test
    void makeFifoInABadFdFails() {
        assertFails(
                Errno.EBADF,
                "mkfifoat(name of 4 bytes, mode=0600): EBADF (Bad file descriptor)",
                () -> PathCalls.makeFifo(-1, NAME, 0600));
    }

    @Test
    void makeFifoWithANulInItsNameThrows() {
        byte[] name = "fi\0fo".getBytes(US_ASCII);
        assertThrows(IllegalArgumentException.class, () -> PathCalls.makeFifo(handle.number(), name, 0600));
        assertFalse(Files.exists(temporary.resolve("fi")));
    }

    @Test
    void unlinkRemovesAName() throws Exception {
        PathCalls.makeFifo(handle.number(), NAME, 0600);
        PathCalls.unlink(handle.number(), NAME);
        assertFalse(Files.exists(temporary.resolve("fifo")));
    }

    @Test
    void unlinkRemovesANameThatIsNoText() throws Exception {
        byte[] name = {'a', (byte) 0xff, '\n'};
        PathCalls.makeFifo(handle.number(), name, 0600);
        PathCalls.unlink(handle.number(), name);
        assertEquals(0, temporary.toFile().list().length);
    }

    @Test
    void unlinkRemovesALinkAndNotItsTarget() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "kept");
        Path link = Files.createSymbolicLink(temporary.resolve("fifo"), file);
        PathCalls.unlink(handle.number(), NAME);
        assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS), "link");
        assertTrue(Files.exists(file), "file");
    }

    @Test
    void unlinkOfAMissingNameFails() {
        assertFails(
                Errno.ENOENT,
                "unlinkat(name of 4 bytes): ENOENT (No such file or directory)",
                () -> PathCalls.unlink(handle.number(), NAME));
    }

    @Test
    void unlinkOfADirectoryFails() throws Exception {
        Files.createDirectory(temporary.resolve("fifo"));
        assertFails(
                21,
                "unlinkat(name of 4 bytes): EISDIR (Is a directory)",
                () -> PathCalls.unlink(handle.number(), NAME));
    }

    @Test
    void unlinkInABadFdFails() {
        assertFails(
                Errno.EBADF,
                "unlinkat(name of 4 bytes): EBADF (Bad file descriptor)",
                () -> PathCalls.unlink(-1, NAME));
    }

    @Test
    void unlinkOfANameWithANulThrows() throws Exception {
        Files.writeString(temporary.resolve("fi"), "kept");
        byte[] name = "fi\0fo".getBytes(US_ASCII);
        assertThrows(IllegalArgumentException.class, () -> PathCalls.unlink(handle.number(), name));
        assertTrue(Files.exists(temporary.resolve("fi")));
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
