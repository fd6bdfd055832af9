// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a killed writer left in a folder is removed by the next one there, and nothing else is. */
@ExtendWith(DescriptorLeakCheck.class)
class StaleTempFilesTest {

    private static final String LEFT = ".standpipe-0123456789abcdef.tmp";

    @TempDir
    Path folder;

    @Test
    void whatIsLeftOfAKilledWriterIsRemoved() throws IOException {
        Files.write(folder.resolve(LEFT), new byte[5000]);
        save();
        assertEquals(List.of("pipes.ckpt"), names());
    }

    @Test
    void fileOfALiveWriterStays() throws IOException {
        try (Fd directory = FileCalls.open(FileCalls.CURRENT_DIRECTORY, folder.toString(), Flags.O_RDONLY, 0);
                Fd live = StaleTempFiles.create(directory.number(), LEFT)) {
            save();
            assertEquals(List.of(LEFT, "pipes.ckpt"), names());
            assertTrue(live.isOpen());
        }
        save();
        assertEquals(List.of("pipes.ckpt"), names());
    }

    @Test
    void whatHasTheNameAlreadyIsNotOpened() throws IOException {
        Path other = Files.write(folder.resolve("other"), new byte[] {1, 2, 3});
        Files.createLink(folder.resolve(LEFT), other);
        Path link = Files.createSymbolicLink(folder.resolve(".standpipe-aaaaaaaaaaaaaaaa.tmp"), folder.resolve("nowhere"));
        try (Fd directory = FileCalls.open(FileCalls.CURRENT_DIRECTORY, folder.toString(), Flags.O_RDONLY, 0)) {
            assertNull(StaleTempFiles.create(directory.number(), LEFT));
            assertNull(StaleTempFiles.create(directory.number(), link.getFileName().toString()));
        }
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(other));
        assertFalse(Files.exists(folder.resolve("nowhere")));
    }

    /** It has made the file and not locked it yet, and finds that somebody has taken it for a left-over. */
    @Test
    void writerWhoseFileIsLookedAtCannotLockIt() throws IOException {
        Path left = folder.resolve(LEFT);
        try (Fd writer = FileCalls.open(
                        FileCalls.CURRENT_DIRECTORY, left.toString(), Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL, 0600);
                Fd cleaner = FileCalls.open(FileCalls.CURRENT_DIRECTORY, left.toString(), Flags.O_RDONLY, 0)) {
            assertTrue(FileCalls.lockShared(cleaner.number()));
            assertFalse(FileCalls.lockExclusively(writer.number()));
        }
    }

    @Test
    void otherNamesStay() throws IOException {
        List<String> others = List.of(
                ".standpipe-.tmp", ".standpipe-0123456789ABCDEF.tmp", ".standpipe-0123456789abcdef.tmp.ckpt",
                ".standpipe-0123456789abcdef0.tmp", "standpipe-0123456789abcdef.tmp");
        for (String name : others) {
            Files.write(folder.resolve(name), new byte[1]);
        }
        save();
        assertTrue(names().containsAll(others), names()::toString);
    }

    @Test
    void linkIsNotFollowedAndStays() throws IOException {
        Path precious = Files.write(folder.resolve("precious"), new byte[] {1, 2, 3});
        Files.createSymbolicLink(folder.resolve(LEFT), precious);
        save();
        assertEquals(List.of(LEFT, "pipes.ckpt", "precious"), names());
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(precious));
    }

    @Test
    void fileWithASecondNameStays() throws IOException {
        Files.createLink(folder.resolve(LEFT), Files.write(folder.resolve("precious"), new byte[1]));
        save();
        assertEquals(List.of(LEFT, "pipes.ckpt", "precious"), names());
    }

    @Test
    void folderAndFifoOfSuchANameStay() throws Exception {
        Files.createDirectory(folder.resolve(LEFT));
        String fifo = ".standpipe-fedcba9876543210.tmp";
        assertEquals(0, new ProcessBuilder("mkfifo", folder.resolve(fifo).toString()).inheritIO().start().waitFor());
        save();
        assertEquals(List.of(LEFT, fifo, "pipes.ckpt"), names());
    }

    @Test
    void fileOfAnotherUserStays() throws IOException {
        Host.assumeRootWith(Host.Capability.CHOWN);
        Path left = Files.write(folder.resolve(LEFT), new byte[1]);
        Files.setAttribute(left, "unix:uid", 4711);
        save();
        assertEquals(List.of(LEFT, "pipes.ckpt"), names());
    }

    private void save() throws IOException {
        try (TestPipe pipe = TestPipe.holding(new byte[10])) {
            Checkpoint.ofDescriptors(pipe.readFd()).writeTo(folder.resolve("pipes.ckpt"));
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
