// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.pipe.Pipes.WOULD_BLOCK;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class FileCallsTest {

    private static final int ESPIPE = 29;
    private static final NativeMemory ABC = PipeIo.memoryOf("abc".getBytes(US_ASCII));

    @TempDir
    Path temporary;

    private Path path;

    @BeforeEach
    void writeAFile() throws Exception {
        path = Files.writeString(temporary.resolve("file"), "0123456789");
    }

    @Test
    void readAtAnOffsetReturnsTheBytesThere() throws Exception {
        NativeMemory memory = NativeMemory.nativeOrder(5);
        try (Fd file = open(Flags.O_RDONLY)) {
            assertEquals(3, FileCalls.read(file.number(), 4, memory, 1, 3));
        }
        byte[] read = new byte[5];
        memory.buffer().get(0, read);
        assertArrayEquals("\000456\000".getBytes(US_ASCII), read);
    }

    @Test
    void readAtTheEndReturnsZero() throws Exception {
        try (Fd file = open(Flags.O_RDONLY)) {
            assertEquals(0, FileCalls.read(file.number(), 10, NativeMemory.nativeOrder(3), 0, 3));
        }
    }

    @Test
    void readAtAnOffsetOfAPipeFails() throws Exception {
        try (TestPipe pipe = TestPipe.holding("abc")) {
            assertFails(
                    ESPIPE,
                    "pread(fd=" + pipe.readFd() + ", length=3, offset=7): ESPIPE (Illegal seek)",
                    () -> FileCalls.read(pipe.readFd(), 7, NativeMemory.nativeOrder(3), 0, 3));
        }
    }

    @Test
    void readOutsideOfTheMemoryThrows() {
        assertThrows(IndexOutOfBoundsException.class, () -> FileCalls.read(-1, 0, ABC, 1, 3));
    }

    @Test
    void writeAtAnOffsetReplacesTheBytesThere() throws Exception {
        try (Fd file = open(Flags.O_WRONLY)) {
            assertEquals(2, FileCalls.write(file.number(), 4, ABC, 1, 2));
        }
        assertEquals("0123bc6789", Files.readString(path));
    }

    @Test
    void writeAtAnOffsetOfAPipeFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    ESPIPE,
                    "pwrite(fd=" + pipe.writeFd() + ", length=3, offset=7): ESPIPE (Illegal seek)",
                    () -> FileCalls.write(pipe.writeFd(), 7, ABC, 0, 3));
        }
    }

    @Test
    void writeFromOutsideOfTheMemoryThrows() {
        assertThrows(IndexOutOfBoundsException.class, () -> FileCalls.write(-1, 0, ABC, 1, 3));
    }

    @Test
    void writeQueuesBytesInAPipe() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(2, FileCalls.write(pipe.writeFd(), ABC, 1, 2));
            assertEquals("bc", pipe.readText());
        }
    }

    @Test
    void writeToAFullPipeWouldBlock() throws Exception {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(65536))) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.O_NONBLOCK);
            assertEquals(WOULD_BLOCK, FileCalls.write(pipe.writeFd(), ABC, 0, 3));
        }
    }

    @Test
    void writeToAPipeWithoutReadersFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeReadEnd();
            assertFails(
                    Errno.EPIPE,
                    "write(fd=" + pipe.writeFd() + ", length=3): EPIPE (Broken pipe)",
                    () -> FileCalls.write(pipe.writeFd(), ABC, 0, 3));
        }
    }

    @Test
    void writeToABadFdFails() {
        assertFails(Errno.EBADF, "write(fd=-1, length=3): EBADF (Bad file descriptor)",
                () -> FileCalls.write(-1, ABC, 0, 3));
    }

    @Test
    void reserveMakesTheFileThatLong() throws Exception {
        try (Fd file = open(Flags.O_RDWR)) {
            boolean reserved = FileCalls.reserve(file.number(), 10, 99_990);
            assertEquals(reserved ? 100_000 : 10, Files.size(path));
        }
    }

    @Test
    void reserveOnAFileSystemWithoutItReturnsFalse() throws Exception {
        try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/proc/self/comm", Flags.O_WRONLY, 0)) {
            assertFalse(FileCalls.reserve(file.number(), 0, 4096));
        }
    }

    @Test
    void reserveForAPipeFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    ESPIPE,
                    "fallocate(fd=" + pipe.writeFd() + ", offset=0, length=4096): ESPIPE (Illegal seek)",
                    () -> FileCalls.reserve(pipe.writeFd(), 0, 4096));
        }
    }

    @Test
    void startSyncOfAFileSucceeds() throws Exception {
        try (Fd file = open(Flags.O_WRONLY);
                TestPipe pipe = TestPipe.open()) {
            assertTrue(FileCalls.startSync(file.number(), 0, 4096));
            assertFalse(FileCalls.startSync(pipe.writeFd(), 0, 4096));
        }
    }

    @Test
    void syncDataOfAFileSucceeds() throws Exception {
        try (Fd file = open(Flags.O_WRONLY)) {
            assertDoesNotThrow(() -> FileCalls.syncData(file.number()));
        }
    }

    @Test
    void syncDataOfAPipeFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EINVAL,
                    "fdatasync(fd=" + pipe.writeFd() + "): EINVAL (Invalid argument)",
                    () -> FileCalls.syncData(pipe.writeFd()));
        }
    }

    @Test
    void syncOfADirectorySucceeds() throws Exception {
        try (Fd handle = openDirectory()) {
            assertDoesNotThrow(() -> FileCalls.sync(handle.number()));
        }
    }

    @Test
    void syncOfAPipeFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EINVAL,
                    "fsync(fd=" + pipe.writeFd() + "): EINVAL (Invalid argument)",
                    () -> FileCalls.sync(pipe.writeFd()));
        }
    }

    @Test
    void renameGivesAFileAnotherName() throws Exception {
        try (Fd handle = openDirectory()) {
            FileCalls.rename(handle.number(), "file", "renamed");
        }
        assertEquals("0123456789", Files.readString(temporary.resolve("renamed")));
        assertFalse(Files.exists(path));
    }

    @Test
    void renameReplacesAnotherFile() throws Exception {
        Files.writeString(temporary.resolve("other"), "old");
        try (Fd handle = openDirectory()) {
            FileCalls.rename(handle.number(), "file", "other");
        }
        assertEquals("0123456789", Files.readString(temporary.resolve("other")));
    }

    @Test
    void renameOfAMissingFileFails() throws Exception {
        try (Fd handle = openDirectory()) {
            assertFails(
                    Errno.ENOENT,
                    "renameat(\"absent\", \"renamed\"): ENOENT (No such file or directory)",
                    () -> FileCalls.rename(handle.number(), "absent", "renamed"));
        }
    }

    @Test
    void unlinkRemovesTheName() throws Exception {
        try (Fd handle = openDirectory()) {
            FileCalls.unlink(handle.number(), "file");
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void unlinkOfAMissingFileFails() throws Exception {
        try (Fd handle = openDirectory()) {
            assertFails(
                    Errno.ENOENT,
                    "unlinkat(\"absent\"): ENOENT (No such file or directory)",
                    () -> FileCalls.unlink(handle.number(), "absent"));
        }
    }

    private Fd open(int flags) throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), flags, 0);
    }

    private Fd openDirectory() throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, temporary.toString(), Flags.O_RDONLY, 0);
    }
}
