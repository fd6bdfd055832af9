// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Paths as long as the kernel tells them: 4,095 bytes. */
@ExtendWith(DescriptorLeakCheck.class)
class LongPathTest {

    private static final byte[] CONTENT = RandomBytes.of(5_000);
    private static final int LONGEST = 4_095;

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void findTheFolder() throws IOException {
        folder = folder.toRealPath();
        image = folder.resolve("fifo.ckpt");
    }

    @Test
    void longestPathIsRestored() throws IOException {
        Path fifo = fifoOfLength(LONGEST);
        int number = save(fifo);
        Image.Pipe saved = Restore.from(image).check().pipes().values().iterator().next();
        assertFalse(saved.unlinked());
        assertRestored(Restore.from(image).fifosBelow(folder), number);
        Files.delete(fifo);
        assertRestored(Restore.from(image).fifosBelow(folder).creatingFifos(), number);
        assertTrue(Files.exists(fifo));
    }

    @Test
    void unlinkedFifoWithLongestReportedPathIsRestored() throws IOException {
        Path fifo = fifoOfLength(LONGEST - " (deleted)".length());
        int number;
        try (Fd both = open(fifo)) {
            number = both.number();
            PipeIo.write(number, CONTENT);
            Files.delete(fifo);
            Checkpoint.ofDescriptors(number).writeTo(image);
        }
        Image checked = Restore.from(image).check();
        Image.Description saved =
                checked.processes().get(0).table().descriptors().get(0).description();
        assertTrue(checked.pipeOf(saved).unlinked());
        assertEquals(fifo.toString(), EscapedPath.of(saved.path()));
        assertRestored(Restore.from(image).fifosBelow(folder).recreatingUnlinkedFifos(), number);
    }

    @Test
    void pathTooLongForTheKernelIsRefused() throws IOException {
        Path fifo = fifoOfLength(LONGEST);
        try (Fd both = open(fifo)) {
            Files.delete(fifo);
            Checkpoint checkpoint = Checkpoint.ofDescriptors(both.number());
            String refusal = assertThrows(StandpipeException.class, () -> checkpoint.writeTo(image)).getMessage();
            assertTrue(refusal.startsWith("descriptor " + both.number() + " of process "), refusal);
            assertTrue(refusal.endsWith("the name is too long"), refusal);
        }
        assertFalse(Files.exists(image));
    }

    private int save(Path fifo) throws IOException {
        try (Fd both = open(fifo)) {
            PipeIo.write(both.number(), CONTENT);
            Checkpoint.ofDescriptors(both.number()).writeTo(image);
            return both.number();
        }
    }

    private static void assertRestored(Restore restore, int number) throws IOException {
        try (RestoredPipes pipes = restore.open()) {
            assertArrayEquals(CONTENT, PipeIo.readAll(pipes.descriptor(number).number()));
        }
    }

    /** Makes one, in as many folders as it takes. */
    private Path fifoOfLength(int length) throws IOException {
        Path home = folder;
        while (length - home.toString().length() > 300) {
            home = home.resolve("d".repeat(200));
        }
        Path fifo = Files.createDirectories(home.resolve("e".repeat(50)))
                .resolve("f".repeat(length - home.toString().length() - 52));
        assertEquals(length, fifo.toString().length());
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, PathCalls.bytes(fifo.toString()), 0600);
        return fifo;
    }

    private static Fd open(Path fifo) throws IOException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, fifo.toString(), Flags.O_RDWR | Flags.O_NONBLOCK, 0);
    }
}
