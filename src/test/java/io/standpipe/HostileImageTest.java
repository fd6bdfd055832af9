// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that are made to be costly, or to have something happen elsewhere. */
@ExtendWith(DescriptorLeakCheck.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileImageTest {

    private static final long TERABYTE = 1L << 40;
    private static final int LONGEST_PAYLOAD = 0xffff_fff7;
    /** Where in {@link SeedImage#onePipe} the length of PIPE_BUF is, and where its payload begins. */
    private static final int PIPE_BUF_LENGTH = 447;
    private static final int PAYLOAD = 451;

    @TempDir
    Path folder;

    @Test
    void terabyteBehindImageIsNotRead() throws IOException {
        byte[] image = SeedImage.onePipe(3, 4, new byte[100]);
        Files.write(image(), image);
        setLength(TERABYTE);
        assertRefused(": TAIL: " + (TERABYTE - image.length) + " bytes follow, expected none");
    }

    /** The most that a PIPE_BUF can say it has, as a hole: it is there, and fits no pipe. */
    @Test
    void payloadOfGigabytesIsRefusedBeforePipeIsMade() throws IOException {
        byte[] image = SeedImage.onePipe(3, 4, new byte[0]);
        ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(PIPE_BUF_LENGTH, LONGEST_PAYLOAD + 8);
        long payload = Integer.toUnsignedLong(LONGEST_PAYLOAD);
        try (RandomAccessFile file = new RandomAccessFile(image().toFile(), "rw")) {
            file.write(image, 0, PAYLOAD);
            file.seek(PAYLOAD + payload);
            file.write(image, PAYLOAD, image.length - PAYLOAD);
        }
        Image checked = Restore.from(image()).check();
        assertEquals(payload, checked.pipes().values().iterator().next().payloadBytes());
        ImageRefusedException e = assertThrows(ImageRefusedException.class, () -> Restore.from(image()).open());
        assertEquals("pipe 2: its 1048576 slots fit no pipe", e.getMessage());
    }

    /** Opening a FIFO for reading would let the writer's open return, and closing it again have it killed by SIGPIPE. */
    @Test
    void fifoInPlaceOfImageIsNotOpened() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor());
        try (TestProcess writer = TestProcess.shellWithoutPipes("echo still here > '" + fifo + "'; exec sleep 1000")) {
            Await.until("it waits for a reader", () -> Files.readString(
                    Path.of("/proc/" + writer.pid() + "/stat")).contains(") S "));
            assertThrows(ImageRefusedException.class, () -> Restore.from(fifo).check());
            assertEquals("still here\n", Files.readString(fifo));
            assertTrue(writer.isAlive());
        }
    }

    @Test
    void deviceIsRefused() {
        ImageRefusedException e =
                assertThrows(ImageRefusedException.class, () -> Restore.from(Path.of("/dev/zero")).check());
        assertEquals("image /dev/zero: a character device, not a regular file", e.getMessage());
    }

    /** A path of a FIFO leads nowhere unless a folder is allowed; neither does one in which others have put links. */
    @Test
    void deviceAtPathOfFifoIsNotOpened() throws IOException {
        Files.write(image(), SeedImage.oneFifo(3, "/dev/null", new byte[0]));
        StandpipeException e = assertThrows(
                StandpipeException.class, () -> Restore.from(image()).fifosBelow(Path.of("/dev")).creatingFifos().open());
        assertTrue(e.getMessage().endsWith("a character device is there, expected a FIFO"), e.getMessage());
    }

    @Test
    void damagedLastByteIsRefusedBeforePipeIsMade() throws IOException {
        byte[] image = SeedImage.onePipe(3, 4, RandomBytes.of(100));
        image[image.length - 1] ^= 1;
        Files.write(image(), image);
        assertRefused("TAIL: magic is");
    }

    private void setLength(long lengthBytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image().toFile(), "rw")) {
            file.setLength(lengthBytes);
        }
    }

    private void assertRefused(String part) {
        for (boolean restored : new boolean[] {false, true}) {
            ImageRefusedException e = assertThrows(ImageRefusedException.class, () -> {
                Restore restore = Restore.from(image());
                if (restored) {
                    restore.open().close();
                } else {
                    restore.check();
                }
            });
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    private Path image() {
        return folder.resolve("pipes.ckpt");
    }
}
