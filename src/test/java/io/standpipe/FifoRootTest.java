// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.SeedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The path of a FIFO, "/run/app/f" in the image, is taken from a folder as its root, and so are links on the way. */
@ExtendWith(DescriptorLeakCheck.class)
class FifoRootTest {

    private static final byte[] CONTENT = RandomBytes.of(5_000);
    private static final int NUMBER = 7;

    @TempDir
    Path folder;

    private Path root;
    private Path image;

    @BeforeEach
    void makeRootAndImage() throws IOException {
        root = Files.createDirectories(folder.resolve("root"));
        image = Files.write(folder.resolve("fifo.ckpt"), SeedImage.oneFifo(NUMBER, "/run/app/f", CONTENT));
    }

    @Test
    void fifoBelowRootIsOpened() throws IOException {
        assertRestoredAt(makeFifo("run/app"));
    }

    @Test
    void absoluteLinkStaysInRoot() throws IOException {
        Files.createSymbolicLink(root.resolve("run"), Path.of("/inner/run"));
        assertRestoredAt(makeFifo("inner/run/app"));
    }

    @Test
    void absoluteLinkToDirectoryOfTheHostStaysInRoot() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("elsewhere/app"));
        Files.createSymbolicLink(root.resolve("run"), outside.getParent());
        assertRestoredAt(makeFifo(outside.toString().substring(1)));
        assertEquals(0, outside.toFile().list().length);
    }

    @Test
    void linkWithDotDotEndsAtRoot() throws IOException {
        Files.createSymbolicLink(root.resolve("run"), Path.of("../../../inner"));
        assertRestoredAt(makeFifo("inner/app"));
    }

    @Test
    void linkTargetOutsideOfRootIsNotFound() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("elsewhere/app"));
        Files.createSymbolicLink(root.resolve("run"), outside.getParent());
        String refusal = refusal(inRoot().creatingFifos());
        assertTrue(refusal.startsWith("FIFO /run/app/f in the root " + root + ": its directory: "), refusal);
        assertTrue(refusal.endsWith("there is no such file or directory"), refusal);
        assertEquals(0, outside.toFile().list().length);
    }

    @Test
    void linkAsLastComponentIsRefused() throws IOException {
        Path real = makeFifo("real");
        Files.createDirectories(root.resolve("run/app"));
        Files.createSymbolicLink(root.resolve("run/app/f"), Path.of("/real/f"));
        assertEquals(
                "FIFO /run/app/f in the root " + root + ": a symbolic link is there, expected a FIFO",
                refusal(inRoot().creatingFifos()));
        assertTrue(Files.exists(real));
    }

    @Test
    void missingFifoIsMadeBelowRoot() throws IOException {
        Path home = Files.createDirectories(root.resolve("run/app"));
        assertThrows(StandpipeException.class, () -> inRoot().open());
        assertEquals(0, home.toFile().list().length);
        inRoot().creatingFifos().open().close();
        assertEquals(0010000, type(home.resolve("f")));
    }

    @Test
    void missingRootIsNamed() {
        Restore restore = Restore.from(image).fifosInRoot(folder.resolve("absent")).creatingFifos();
        String refusal = refusal(restore);
        assertEquals("FIFO /run/app/f in the root " + folder.resolve("absent") + ": the directory that is allowed for FIFOs: there is no directory "
                + folder.resolve("absent"), refusal);
        assertFalse(Files.exists(folder.resolve("absent")));
    }

    private void assertRestoredAt(Path fifo) throws IOException {
        try (RestoredPipes pipes = inRoot().open()) {
            int restored = pipes.descriptor(NUMBER).number();
            assertEquals(Files.getAttribute(fifo, "unix:ino"), Stat.of(restored).ino());
            assertArrayEquals(CONTENT, PipeIo.readAll(restored));
        }
    }

    private Restore inRoot() {
        return Restore.from(image).fifosInRoot(root);
    }

    private static String refusal(Restore restore) {
        return assertThrows(StandpipeException.class, restore::open).getMessage();
    }

    private Path makeFifo(String home) throws IOException {
        Path fifo = Files.createDirectories(root.resolve(home)).resolve("f");
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, PathCalls.bytes(fifo.toString()), 0600);
        return fifo;
    }

    private static int type(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:mode") & 0170000;
    }
}
