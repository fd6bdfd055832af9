// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that fails leaves the folder as it was. */
@ExtendWith(DescriptorLeakCheck.class)
class FailedCheckpointTest {

    private static final byte[] OLD_IMAGE = {1, 2, 3};
    private static final int NOT_OPEN = 9_999;

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void writeOldImage() throws IOException {
        image = Files.write(folder.resolve("pipes.ckpt"), OLD_IMAGE);
    }

    @Test
    void unknownProcessLeavesDirectoryUnchanged() throws IOException {
        assertThrows(StandpipeException.class, () -> Checkpoint.ofProcess(Integer.MAX_VALUE).writeTo(image));
        assertFolderIsUntouched();
    }

    @Test
    void closedDescriptorLeavesDirectoryUnchanged() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd(), NOT_OPEN);
            assertThrows(StandpipeException.class, () -> checkpoint.writeTo(image));
        }
        assertFolderIsUntouched();
    }

    @Test
    void imageNameOfDirectoryIsRefused() throws IOException {
        Path target = Files.createDirectory(folder.resolve("sub"));
        assertEquals(
                "image " + target + ": a directory has this name, which is not replaced; name a file in it", failure(target).getMessage());
        assertEquals(List.of("pipes.ckpt", "sub"), names());
    }

    @Test
    void imageNameOfLinkIsRefused() throws IOException {
        Path target = Files.createSymbolicLink(folder.resolve("link"), image);
        assertEquals(
                "image " + target + ": a symbolic link has this name, which is not replaced; name the file it leads to", failure(target).getMessage());
        assertArrayEquals(OLD_IMAGE, Files.readAllBytes(image));
        assertTrue(Files.isSymbolicLink(target));
    }

    @Test
    void imageNameOfDanglingLinkIsRefused() throws IOException {
        Path target = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        assertEquals(
                "image " + target + ": a symbolic link has this name, which is not replaced; name the file it leads to", failure(target).getMessage());
        assertEquals(List.of("link", "pipes.ckpt"), names());
    }

    @Test
    void imageNameOfDeviceIsRefused() throws IOException {
        Path target = Path.of("/dev/null");
        assertEquals(
                "image /dev/null: a character device has this name, which is not replaced; an image goes there by --output - > /dev/null"
                        + " (in the library, Checkpoint.streamTo)", failure(target).getMessage());
        assertTrue(Files.exists(target) && !Files.isRegularFile(target));
    }

    @Test
    void missingDirectoryIsNamed() throws IOException {
        Path missing = folder.resolve("missing");
        Path target = missing.resolve("pipes.ckpt");
        assertEquals(
                "image " + target + ": there is no directory " + missing,
                failure(target).getMessage());
        assertFolderIsUntouched();
    }

    @Test
    void fileInPlaceOfDirectoryIsRefused() throws IOException {
        assertEquals(
                "image " + image + "/pipes.ckpt: " + image + " is no directory", failure(image.resolve("pipes.ckpt")).getMessage());
        assertFolderIsUntouched();
    }

    private static StandpipeException failure(Path target) throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd());
            return assertThrows(StandpipeException.class, () -> checkpoint.writeTo(target));
        }
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void fifoInPlaceOfDirectoryIsRefusedWithoutWaiting() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor());

        String message = failure(fifo.resolve("pipes.ckpt")).getMessage();

        assertEquals("image " + fifo + "/pipes.ckpt: " + fifo + " is no directory", message);
    }

    private void assertFolderIsUntouched() throws IOException {
        assertEquals(List.of("pipes.ckpt"), names());
        assertArrayEquals(OLD_IMAGE, Files.readAllBytes(image));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
