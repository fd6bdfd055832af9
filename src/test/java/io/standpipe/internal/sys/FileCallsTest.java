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
    Path folder;

    private Path path;

    @BeforeEach
    void writeAFile() throws Exception {
        path = Files.writeString(folder.resolve("file"), "0123456789");
    }

    @Test
    void bytesAreReadAtAPlaceInAFile() throws Exception {
        NativeMemory memory = NativeMemory.nativeOrder(5);
        try (Fd file = open(Flags.O_RDONLY)) {
            assertEquals(3, FileCalls.read(file.number(), 4, memory, 1, 3));
        }
        byte[] read = new byte[5];
        memory.buffer().get(0, read);
        assertArrayEquals("\000456\000".getBytes(US_ASCII), read);
    }

    @Test
    void nothingIsReadAtTheEndOfAFile() throws Exception {
        try (Fd file = open(Flags.O_RDONLY)) {
            assertEquals(0, FileCalls.read(file.number(), 10, NativeMemory.nativeOrder(3), 0, 3));
        }
    }

    @Test
    void nothingIsReadAtAPlaceInAPipe() throws Exception {
        try (TestPipe pipe = TestPipe.holding("abc")) {
            assertFails(
                    ESPIPE,
                    "pread(fd=" + pipe.readFd() + ", length=3, offset=7): ESPIPE (Illegal seek)",
                    () -> FileCalls.read(pipe.readFd(), 7, NativeMemory.nativeOrder(3), 0, 3));
        }
    }

    @Test
    void nothingIsReadOutsideOfTheMemory() {
        assertThrows(IndexOutOfBoundsException.class, () -> FileCalls.read(-1, 0, ABC, 1, 3));
    }

    @Test
    void bytesAreWrittenAtAPlaceInAFile() throws Exception {
        try (Fd file = open(Flags.O_WRONLY)) {
            assertEquals(2, FileCalls.write(file.number(), 4, ABC, 1, 2));
        }
        assertEquals("0123bc6789", Files.readString(path));
    }

    @Test
    void nothingIsWrittenAtAPlaceInAPipe() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    ESPIPE,
                    "pwrite(fd=" + pipe.writeFd() + ", length=3, offset=7): ESPIPE (Illegal seek)",
                    () -> FileCalls.write(pipe.writeFd(), 7, ABC, 0, 3));
        }
    }

    @Test
    void nothingIsWrittenFromOutsideOfTheMemory() {
        assertThrows(IndexOutOfBoundsException.class, () -> FileCalls.write(-1, 0, ABC, 1, 3));
    }

    @Test
    void bytesAreWrittenIntoAPipe() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(2, FileCalls.write(pipe.writeFd(), ABC, 1, 2));
            assertEquals("bc", pipe.readText());
        }
    }

    @Test
    void aWriteIntoAFullPipeWouldBlock() throws Exception {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(65536))) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.O_NONBLOCK);
            assertEquals(WOULD_BLOCK, FileCalls.write(pipe.writeFd(), ABC, 0, 3));
        }
    }

    @Test
    void aWriteIntoAPipeWithoutReaderIsRefused() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeReadEnd();
            assertFails(
                    Errno.EPIPE,
                    "write(fd=" + pipe.writeFd() + ", length=3): EPIPE (Broken pipe)",
                    () -> FileCalls.write(pipe.writeFd(), ABC, 0, 3));
        }
    }

    @Test
    void aWriteToANumberThatIsNotOpenIsRefused() {
        assertFails(Errno.EBADF, "write(fd=-1, length=3): EBADF (Bad file descriptor)",
                () -> FileCalls.write(-1, ABC, 0, 3));
    }

    @Test
    void reservingMakesAFileThatLong() throws Exception {
        try (Fd file = open(Flags.O_RDWR)) {
            boolean reserved = FileCalls.reserve(file.number(), 10, 99_990);
            assertEquals(reserved ? 100_000 : 10, Files.size(path));
        }
    }

    @Test
    void aFileSystemThatCannotReserveIsToldApart() throws Exception {
        try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/proc/self/comm", Flags.O_WRONLY, 0)) {
            assertFalse(FileCalls.reserve(file.number(), 0, 4096));
        }
    }

    @Test
    void nothingIsReservedForAPipe() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    ESPIPE,
                    "fallocate(fd=" + pipe.writeFd() + ", offset=0, length=4096): ESPIPE (Illegal seek)",
                    () -> FileCalls.reserve(pipe.writeFd(), 0, 4096));
        }
    }

    @Test
    void syncOfAFilesDataIsStarted() throws Exception {
        try (Fd file = open(Flags.O_WRONLY);
                TestPipe pipe = TestPipe.open()) {
            assertTrue(FileCalls.startSync(file.number(), 0, 4096));
            assertFalse(FileCalls.startSync(pipe.writeFd(), 0, 4096));
        }
    }

    @Test
    void aFilesDataIsSynced() throws Exception {
        try (Fd file = open(Flags.O_WRONLY)) {
            assertDoesNotThrow(() -> FileCalls.syncData(file.number()));
        }
    }

    @Test
    void aPipesDataIsNotSynced() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EINVAL,
                    "fdatasync(fd=" + pipe.writeFd() + "): EINVAL (Invalid argument)",
                    () -> FileCalls.syncData(pipe.writeFd()));
        }
    }

    @Test
    void aFolderIsSynced() throws Exception {
        try (Fd handle = openFolder()) {
            assertDoesNotThrow(() -> FileCalls.sync(handle.number()));
        }
    }

    @Test
    void aPipeIsNotSynced() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EINVAL,
                    "fsync(fd=" + pipe.writeFd() + "): EINVAL (Invalid argument)",
                    () -> FileCalls.sync(pipe.writeFd()));
        }
    }

    @Test
    void aFileIsRenamedInItsFolder() throws Exception {
        try (Fd handle = openFolder()) {
            FileCalls.rename(handle.number(), "file", "renamed");
        }
        assertEquals("0123456789", Files.readString(folder.resolve("renamed")));
        assertFalse(Files.exists(path));
    }

    @Test
    void aRenamedFileTakesThePlaceOfAnother() throws Exception {
        Files.writeString(folder.resolve("other"), "old");
        try (Fd handle = openFolder()) {
            FileCalls.rename(handle.number(), "file", "other");
        }
        assertEquals("0123456789", Files.readString(folder.resolve("other")));
    }

    @Test
    void aFileThatIsNotThereIsNotRenamed() throws Exception {
        try (Fd handle = openFolder()) {
            assertFails(
                    Errno.ENOENT,
                    "renameat(\"absent\", \"renamed\"): ENOENT (No such file or directory)",
                    () -> FileCalls.rename(handle.number(), "absent", "renamed"));
        }
    }

    @Test
    void aFileIsUnlinkedFromItsFolder() throws Exception {
        try (Fd handle = openFolder()) {
            FileCalls.unlink(handle.number(), "file");
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void aFileThatIsNotThereIsNotUnlinked() throws Exception {
        try (Fd handle = openFolder()) {
            assertFails(
                    Errno.ENOENT,
                    "unlinkat(\"absent\"): ENOENT (No such file or directory)",
                    () -> FileCalls.unlink(handle.number(), "absent"));
        }
    }

    private Fd open(int flags) throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), flags, 0);
    }

    private Fd openFolder() throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, folder.toString(), Flags.O_RDONLY, 0);
    }
}
