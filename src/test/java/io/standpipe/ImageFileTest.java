// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class ImageFileTest {

    @TempDir
    Path folder;

    @Test
    void imageIsReadableByOwnerOnly() throws IOException {
        save(RandomBytes.of(100));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(image())));
    }

    @Test
    void directoryHasOnlyTheImage() throws IOException {
        save(RandomBytes.of(5000));
        assertEquals(List.of("pipes.ckpt"), names());
    }

    @Test
    void relativePathWithoutDirectoryIsWritten() throws IOException {
        Path image = Path.of("relative-path-test.ckpt");
        try (TestPipe pipe = TestPipe.open()) {
            Checkpoint.ofDescriptors(pipe.readFd()).writeTo(image);
            assertTrue(Files.isRegularFile(image));
        } finally {
            Files.deleteIfExists(image);
        }
    }

    @Test
    void imageOfTheSameNameIsReplaced() throws IOException {
        save(RandomBytes.of(5000));
        save(new byte[] {7});
        assertEquals(1, Restore.from(image()).check().pipes().values().iterator().next().payloadBytes());
    }

    @Test
    void replacedImageIsAnotherFile() throws IOException {
        save(new byte[] {7});
        Object before = Files.getAttribute(image(), "unix:ino");
        Files.createLink(folder.resolve("kept"), image());
        save(new byte[] {7});
        assertNotEquals(before, Files.getAttribute(image(), "unix:ino"));
    }

    @Test
    void restoredPipesKeepTheirBytesWhenImageIsReplaced() throws IOException {
        byte[] content = RandomBytes.of(65_536);
        int number = save(content);
        try (RestoredPipes restored = Restore.from(image()).open()) {
            save(new byte[65_536]);
            assertArrayEquals(content, PipeIo.readAll(restored.descriptor(number).number()));
        }
    }

    @Test
    void reportedLengthIsLengthOfFile() throws IOException {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(5000))) {
            CheckpointReport report = Checkpoint.ofDescriptors(pipe.readFd()).writeTo(image());
            assertEquals(Files.size(image()), report.imageBytes());
        }
    }

    @Test
    void twoImagesOfUntouchedPipeHaveTheSamePayload() throws IOException {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(61_540))) {
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd());
            checkpoint.writeTo(image());
            checkpoint.writeTo(folder.resolve("second.ckpt"));
            assertArrayEquals(payload(image()), payload(folder.resolve("second.ckpt")));
        }
    }

    @Test
    void payloadInImageIsWhatWasQueued() throws IOException {
        save(RandomBytes.of(61_540));
        assertArrayEquals(RandomBytes.of(61_540), payload(image()));
    }

    @Test
    void payloadOfPageOrMoreBeginsAtPage() throws IOException {
        save(RandomBytes.of(4096));
        assertEquals(0, Restore.from(image()).check().pipes().values().iterator().next().payloadOffsetBytes() % 4096);
    }

    @Test
    void imageHasInodeAndCapacityOfPipe() throws IOException {
        try (TestPipe pipe = TestPipe.ofCapacity(8192)) {
            Checkpoint.ofDescriptors(pipe.readFd()).writeTo(image());
            Image.Pipe saved = Restore.from(image()).check().pipes().values().iterator().next();
            Object inode = Files.getAttribute(Path.of("/proc/self/fd/" + pipe.readFd()), "unix:ino");
            assertEquals(List.of(8192, inode), List.of(saved.capacityBytes(), saved.inode().ino()));
        }
    }

    @Test
    void checkLeavesImageUnchanged() throws IOException {
        save(RandomBytes.of(5000));
        byte[] before = Files.readAllBytes(image());
        Restore.from(image()).check();
        assertArrayEquals(before, Files.readAllBytes(image()));
    }

    private int save(byte[] content) throws IOException {
        try (TestPipe pipe = TestPipe.holding(content)) {
            assertEquals(content.length, Pipes.queuedBytes(pipe.readFd()));
            Checkpoint.ofDescriptors(pipe.readFd()).writeTo(image());
            return pipe.readFd();
        }
    }

    private static byte[] payload(Path image) throws IOException {
        Image.Pipe pipe = Restore.from(image).check().pipes().values().iterator().next();
        int from = (int) pipe.payloadOffsetBytes();
        return Arrays.copyOfRange(Files.readAllBytes(image), from, from + (int) pipe.payloadBytes());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Path image() {
        return folder.resolve("pipes.ckpt");
    }
}
