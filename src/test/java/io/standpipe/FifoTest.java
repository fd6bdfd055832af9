// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** FIFOs are saved with their paths, and restored there, or as the caller chose. */
@ExtendWith(DescriptorLeakCheck.class)
class FifoTest {

    private static final byte[] CONTENT = RandomBytes.of(5_000);

    @TempDir
    Path folder;

    private Path fifo;
    private Path image;

    @BeforeEach
    void makeFifo() throws IOException {
        folder = folder.toRealPath();
        fifo = folder.resolve("a fifo");
        image = folder.resolve("fifo.ckpt");
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, PathCalls.bytes(fifo.toString()), 0640);
    }

    @Test
    void accessModesAndContentsAreRestored() throws IOException {
        int[] numbers = new int[3];
        try (Fd both = open(Flags.O_RDWR);
                Fd reader = open(Flags.O_RDONLY);
                Fd writer = open(Flags.O_WRONLY)) {
            numbers = new int[] {both.number(), reader.number(), writer.number()};
            PipeIo.write(writer.number(), CONTENT);
            Checkpoint.ofDescriptors(numbers).writeTo(image);
        }
        try (RestoredPipes pipes = Restore.from(image).fifosBelow(folder).open()) {
            assertEquals(inode(), Stat.of(pipes.descriptor(numbers[0]).number()).ino());
            assertArrayEquals(CONTENT, PipeIo.readAll(pipes.descriptor(numbers[1]).number()));
            PipeIo.write(pipes.descriptor(numbers[2]).number(), CONTENT);
            assertArrayEquals(CONTENT, PipeIo.readAll(pipes.descriptor(numbers[0]).number()));
        }
    }

    @Test
    void readerThatNeverHadAWriterSeesNoHangUp() throws IOException {
        int number;
        try (Fd reader = open(Flags.O_RDONLY)) {
            number = reader.number();
            Checkpoint.ofDescriptors(number).writeTo(image);
        }
        try (RestoredPipes pipes = Restore.from(image).fifosBelow(folder).open()) {
            assertEquals(0, PipeCalls.poll(pipes.descriptor(number).number(), Flags.POLLIN));
        }
    }

    @Test
    void readerWhoseWriterClosedSeesHangUp() throws IOException {
        int number;
        try (Fd reader = open(Flags.O_RDONLY)) {
            open(Flags.O_WRONLY).close();
            number = reader.number();
            Checkpoint.ofDescriptors(number).writeTo(image);
        }
        try (RestoredPipes pipes = Restore.from(image).fifosBelow(folder).open()) {
            assertEquals(Flags.POLLHUP, PipeCalls.poll(pipes.descriptor(number).number(), Flags.POLLIN));
        }
    }

    @Test
    void twoFifosAtOnePathAreRefusedAndNothingIsLeft() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, PathCalls.bytes(other.resolve("a fifo").toString()), 0640);
        try (Fd one = open(Flags.O_RDWR);
                Fd two = FileCalls.open(FileCalls.CURRENT_DIRECTORY, other.resolve("a fifo").toString(), Flags.O_RDWR, 0)) {
            PipeIo.write(two.number(), CONTENT);
            Checkpoint.ofDescriptors(one.number(), two.number()).writeTo(image);
        }
        Files.delete(other.resolve("a fifo"));
        Files.delete(other);
        Files.createSymbolicLink(other, Path.of("."));
        Restore restore = Restore.from(image).fifosBelow(folder);
        String refusal = "FIFO " + other.resolve("a fifo") + ": found for pipe 4, and is where pipe 2 has been restored;"
                + " expected a FIFO for each";
        assertEquals(refusal, assertThrows(StandpipeException.class, restore::open).getMessage());
        try (Fd reader = open(Flags.O_RDONLY | Flags.O_NONBLOCK)) {
            assertEquals(0, Pipes.queuedBytes(reader.number()));
        }
        Files.delete(fifo);
        assertEquals(refusal, assertThrows(StandpipeException.class, restore.creatingFifos()::open).getMessage());
        assertFalse(Files.exists(fifo));
    }

    @Test
    void noFifoIsOpenedUnlessDirectoryIsAllowed() throws IOException {
        save();
        assertRefused(
                "an image's paths are not followed unless a directory is allowed for it; allow one with --fifo-base"
                        + " (in the library, Restore.fifosBelow)",
                Restore.from(image));
    }

    @Test
    void fifoOutsideOfAllowedDirectoryIsRefused() throws IOException {
        save();
        Path other = Files.createDirectory(folder.resolve("a"));
        assertRefused("not below " + other + ", the directory that is allowed for FIFOs", Restore.from(image).fifosBelow(other));
    }

    @Test
    void linkInPlaceOfFifoIsNotFollowed() throws IOException {
        save();
        Files.move(fifo, folder.resolve("real"));
        Files.createSymbolicLink(fifo, Path.of("real"));
        assertRefused(
                "a symbolic link is there, expected a FIFO",
                Restore.from(image).fifosBelow(folder));
    }

    @Test
    void missingFifoIsRefusedUnlessCreationIsAllowed() throws IOException {
        save();
        Files.delete(fifo);
        assertRefused(
                "it is gone; have it made anew with --create-fifos (in the library, Restore.creatingFifos)",
                Restore.from(image).fifosBelow(folder));
        assertFalse(Files.exists(fifo));
    }

    @Test
    void createdFifoHasSavedMode() throws IOException {
        int number = save();
        Files.delete(fifo);
        try (RestoredPipes pipes = Restore.from(image).fifosBelow(folder).creatingFifos().open()) {
            assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(fifo)));
            assertArrayEquals(CONTENT, PipeIo.readAll(pipes.descriptor(number).number()));
        }
        assertTrue(Files.exists(fifo));
    }

    @Test
    void fifoInUseIsRefusedAndKeepsItsBytes() throws IOException {
        save();
        try (Fd both = open(Flags.O_RDWR)) {
            PipeIo.write(both.number(), new byte[] {1, 2, 3});
            assertRefused(
                    "it is in use and has 3 bytes queued, expected none; its users still have what was saved, or have gone"
                            + " on since",
                    Restore.from(image).fifosBelow(folder));
            assertEquals(3, Pipes.queuedBytes(both.number()));
        }
    }

    @Test
    void unlinkedFifoBecomesReportedAnonymousPipe() throws IOException {
        int number = saveUnlinked();
        try (RestoredPipes pipes = Restore.from(image).open()) {
            assertEquals(1, pipes.deviations().size());
            assertTrue(pipes.deviations().get(0).endsWith(
                    ": an anonymous pipe instead of FIFO " + fifo + ", which had been unlinked"));
            assertArrayEquals(CONTENT, PipeIo.readAll(pipes.descriptor(number).number()));
        }
    }

    @Test
    void unlinkedFifoIsRecreatedAndUnlinkedByChoice() throws IOException {
        int number = saveUnlinked();
        try (RestoredPipes pipes =
                Restore.from(image).fifosBelow(folder).recreatingUnlinkedFifos().open()) {
            Stat stat = Stat.of(pipes.descriptor(number).number());
            assertEquals(0, stat.links());
            assertEquals(0640, stat.mode() & 07777);
            assertArrayEquals(CONTENT, PipeIo.readAll(pipes.descriptor(number).number()));
        }
        assertFalse(Files.exists(fifo));
    }

    private int save() throws IOException {
        try (Fd both = open(Flags.O_RDWR)) {
            PipeIo.write(both.number(), CONTENT);
            Checkpoint.ofDescriptors(both.number()).writeTo(image);
            return both.number();
        }
    }

    private int saveUnlinked() throws IOException {
        try (Fd both = open(Flags.O_RDWR)) {
            PipeIo.write(both.number(), CONTENT);
            Files.delete(fifo);
            Checkpoint.ofDescriptors(both.number()).writeTo(image);
            return both.number();
        }
    }

    private Fd open(int accessMode) throws IOException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, fifo.toString(), accessMode | Flags.O_NONBLOCK, 0);
    }

    private long inode() throws IOException {
        return ((Number) Files.getAttribute(fifo, "unix:ino")).longValue();
    }

    private void assertRefused(String message, Restore restore) {
        StandpipeException e = assertThrows(StandpipeException.class, restore::open);
        assertEquals("FIFO " + fifo + ": " + message, e.getMessage());
    }
}
