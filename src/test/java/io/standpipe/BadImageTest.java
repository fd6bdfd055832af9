// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is no image, or a damaged one, is refused before anything is made of it. */
@ExtendWith(DescriptorLeakCheck.class)
class BadImageTest {

    @TempDir
    Path folder;

    @Test
    void aMissingImageIsNamed() {
        StandpipeException e = assertThrows(StandpipeException.class, () -> Restore.from(image()).open());
        assertEquals(StandpipeException.class, e.getClass());
        assertEquals("image " + image() + ": there is no such file", e.getMessage());
    }

    @Test
    void symbolicLinkIsRefused() throws IOException {
        Path target = Files.write(folder.resolve("target"), SeedImage.onePipe(3, 4, new byte[1]));
        Files.createSymbolicLink(image(), target);
        assertRefused("a symbolic link; name the file it leads to");
    }

    @Test
    void directoryIsRefused() throws IOException {
        Files.createDirectory(image());
        assertRefused("a directory, not a regular file");
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        Files.createFile(image());
        assertRefused("not an image: 0 bytes, expected at least 72");
    }

    @Test
    void zerosAreRefused() throws IOException {
        Files.write(image(), new byte[5000]);
        assertRefused("not an image: it does not begin with a HEADER");
    }

    @Test
    void randomBytesAreRefused() throws IOException {
        Files.write(image(), RandomBytes.of(5000));
        assertRefused("not an image: it does not begin with a HEADER");
    }

    @Test
    void cutImageIsRefused() throws IOException {
        byte[] whole = SeedImage.onePipe(3, 4, new byte[100]);
        Files.write(image(), Arrays.copyOf(whole, whole.length - 16));
        assertRefused("damaged or cut short: offset " + (whole.length - 16) + ": image ends where a record is expected: 0 bytes left, "
                + "expected at least 8 (truncated before TAIL)");
    }

    @Test
    void imageCutAtAnyLengthIsRefused() throws IOException {
        byte[] whole = SeedImage.onePipe(3, 4, new byte[100]);
        for (int length = 0; length < whole.length; length++) {
            Files.write(image(), Arrays.copyOf(whole, length));
            assertThrows(ImageRefusedException.class, () -> Restore.from(image()).open());
        }
    }

    @Test
    void bytesBehindTheImageAreRefused() throws IOException {
        byte[] whole = SeedImage.onePipe(3, 4, new byte[100]);
        Files.write(image(), Arrays.copyOf(whole, whole.length + 1));
        assertRefused("damaged or cut short: offset " + (whole.length - 16) + ": TAIL: 1 bytes follow, expected none");
    }

    @Test
    void changedCapacityIsRefusedByDigest() throws IOException {
        try (TestPipe pipe = TestPipe.holding(new byte[1])) {
            Checkpoint.ofDescriptors(pipe.readFd()).writeTo(image());
        }
        byte[] bytes = Files.readAllBytes(image());
        int state = indexOfRecord(bytes, 8003);
        bytes[state + 12 + 2] = 2;
        Files.write(image(), bytes);
        String message = assertThrows(ImageRefusedException.class, () -> Restore.from(image()).open()).getMessage();
        assertTrue(message.contains("DIGEST"), message);
    }

    private static int indexOfRecord(byte[] image, int type) {
        for (int at = 0; at < image.length - 8; at += lengthAt(image, at + 4)) {
            if (lengthAt(image, at) == type) {
                return at;
            }
        }
        throw new AssertionError("the image has no record of type " + type);
    }

    private static int lengthAt(byte[] image, int at) {
        return image[at] & 0xff | (image[at + 1] & 0xff) << 8 | (image[at + 2] & 0xff) << 16 | image[at + 3] << 24;
    }

    private void assertRefused(String problem) {
        StandpipeException opening = assertThrows(ImageRefusedException.class, () -> Restore.from(image()).open());
        assertEquals("image " + image() + ": " + problem, opening.getMessage());
        StandpipeException checking = assertThrows(ImageRefusedException.class, () -> Restore.from(image()).check());
        assertEquals(opening.getMessage(), checking.getMessage());
    }

    private Path image() {
        return folder.resolve("pipes.ckpt");
    }
}
