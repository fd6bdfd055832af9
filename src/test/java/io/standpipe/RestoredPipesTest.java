// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.SeedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Restored pipes as streams and channels, and who closes their fds. */
@ExtendWith(DescriptorLeakCheck.class)
class RestoredPipesTest {

    private static final int READ_END = 3;
    private static final int WRITE_END = 4;

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void writeImage() throws IOException {
        byte[] bytes = SeedImage.onePipe(READ_END, WRITE_END, new byte[] {1, 2, 3});
        image = Files.write(folder.resolve("pipes.ckpt"), bytes);
    }

    @Test
    void inputStreamReadsSavedBytes() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open();
                InputStream in = pipes.inputStream(READ_END)) {
            byte[] read = new byte[3];
            in.read(read);
            assertArrayEquals(new byte[] {1, 2, 3}, read);
        }
    }

    @Test
    void readNBytesReturnsThatManyBytes() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open();
                InputStream in = pipes.inputStream(READ_END)) {
            assertArrayEquals(new byte[] {1, 2, 3}, in.readNBytes(3));
        }
    }

    @Test
    void inputStreamEndsOnceOutputStreamIsClosed() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open();
                InputStream in = pipes.inputStream(READ_END)) {
            pipes.outputStream(WRITE_END).close();
            assertEquals(3, in.readAllBytes().length);
        }
    }

    @Test
    void outputStreamAppendsToSavedBytes() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open();
                OutputStream out = pipes.outputStream(WRITE_END)) {
            out.write(new byte[] {4, 5});
            byte[] read = PipeIo.readAll(pipes.descriptor(READ_END).number());
            assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, read);
        }
    }

    @Test
    void readChannelReadsSavedBytes() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open();
                FileChannel in = pipes.readChannel(READ_END)) {
            ByteBuffer read = ByteBuffer.allocate(10);
            in.read(read);
            assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), read.flip());
        }
    }

    @Test
    void writeChannelAppendsToSavedBytes() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open();
                FileChannel out = pipes.writeChannel(WRITE_END)) {
            out.write(ByteBuffer.wrap(new byte[] {4}));
            assertArrayEquals(new byte[] {1, 2, 3, 4}, PipeIo.readAll(pipes.descriptor(READ_END).number()));
        }
    }

    @Test
    void closeOfInputStreamClosesFd() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open()) {
            pipes.inputStream(READ_END).close();
            assertTrue(PipeIo.isBroken(pipes.descriptor(WRITE_END).number()));
        }
    }

    @Test
    void closeOfReadChannelClosesFd() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open()) {
            pipes.readChannel(READ_END).close();
            assertTrue(PipeIo.isBroken(pipes.descriptor(WRITE_END).number()));
        }
    }

    @Test
    void closeOfWriteChannelClosesFd() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open()) {
            pipes.writeChannel(WRITE_END).close();
            PipeIo.readAll(pipes.descriptor(READ_END).number());
            assertTrue(PipeIo.isAtEnd(pipes.descriptor(READ_END).number()));
        }
    }

    @Test
    void streamSurvivesCloseOfRestoredPipes() throws IOException {
        RestoredPipes pipes = Restore.from(image).open();
        try (InputStream in = pipes.inputStream(READ_END)) {
            pipes.close();
            assertEquals(1, in.read());
        }
    }

    @Test
    void fdTakenAsStreamCannotBeTakenAgain() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open();
                InputStream in = pipes.inputStream(READ_END)) {
            assertThrows(IllegalStateException.class, () -> pipes.inputStream(READ_END));
            assertEquals(1, in.read());
        }
    }

    @Test
    void closeClosesFdsThatWereNotTaken() throws IOException {
        RestoredPipes pipes = Restore.from(image).open();
        Fd read = pipes.descriptor(READ_END);
        pipes.close();
        assertFalse(read.isOpen());
    }

    @Test
    void secondCloseDoesNothing() throws IOException {
        RestoredPipes pipes = Restore.from(image).open();
        pipes.close();
        pipes.close();
        assertFalse(pipes.descriptor(READ_END).isOpen());
    }

    @Test
    void unknownFdIsRefusedWithTheKnownOnes() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open()) {
            Exception e = assertThrows(NoSuchElementException.class, () -> pipes.descriptor(99));
            assertEquals("no descriptor had number 99; those restored had [3, 4]", e.getMessage());
        }
    }

    @Test
    void restoredFdsAreCloseOnExec() throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open()) {
            for (int number : pipes.numbers()) {
                assertTrue(FdCalls.isCloseOnExec(pipes.descriptor(number).number()));
            }
        }
    }
}
