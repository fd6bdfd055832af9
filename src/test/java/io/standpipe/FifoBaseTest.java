// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.SeedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No FIFO is opened or made outside of the directory that is allowed; the image's path ends with "base/link/f". */
@ExtendWith(DescriptorLeakCheck.class)
class FifoBaseTest {

    @TempDir
    Path folder;

    private Path base;
    private Path elsewhere;
    private Path path;
    private Path image;

    @BeforeEach
    void makeFoldersAndImage() throws IOException {
        base = Files.createDirectory(folder.resolve("base"));
        elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        path = base.resolve("link/f");
        image = Files.write(folder.resolve("fifo.ckpt"), SeedImage.oneFifo(7, path.toString(), new byte[9]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"absolute", "../elsewhere", "inner/../../elsewhere", "/absent/folder"})
    void linkOutOfBaseIsRefusedAndNothingIsMade(String target) throws IOException {
        Files.createDirectory(base.resolve("inner"));
        Files.createSymbolicLink(base.resolve("link"), target.equals("absolute") ? elsewhere : Path.of(target));
        assertLeadsOut(below());
        assertLeadsOut(below().creatingFifos());
        assertEquals(0, elsewhere.toFile().list().length);
    }

    @Test
    void linkOutOfBaseToExistingFifoIsRefused() throws IOException {
        Files.createSymbolicLink(base.resolve("link"), elsewhere);
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, PathCalls.bytes(elsewhere.resolve("f").toString()), 0600);
        try (Fd reader = FileCalls.open(
                FileCalls.CURRENT_DIRECTORY, elsewhere.resolve("f").toString(), Flags.O_RDONLY | Flags.O_NONBLOCK, 0)) {
            assertLeadsOut(below().creatingFifos());
            assertEquals(0, PipeCalls.poll(reader.number(), Flags.POLLIN), "a writer would have left a hang-up");
        }
    }

    @Test
    void linkWithinBaseIsFollowed() throws IOException {
        Path inner = Files.createDirectory(base.resolve("inner"));
        Files.createSymbolicLink(base.resolve("link"), Path.of("inner"));
        below().creatingFifos().open().close();
        assertEquals(1, inner.toFile().list().length);
    }

    @Test
    void directoryWithBaseAsNamePrefixIsOutside() throws IOException {
        Files.createDirectory(folder.resolve("bas"));
        Restore restore = Restore.from(image).fifosBelow(folder.resolve("bas")).creatingFifos();
        assertEquals(
                "FIFO " + path + ": not below " + folder.resolve("bas") + ", the directory that is allowed for FIFOs",
                refusal(restore));
    }

    @Test
    void fifoInMissingDirectoryIsRefused() {
        String refusal = refusal(below().creatingFifos());
        assertTrue(refusal.startsWith("FIFO " + path + ": its directory: "), refusal);
        assertTrue(refusal.endsWith("there is no such file or directory"), refusal);
    }

    @Test
    void missingBaseIsNamed() throws IOException {
        Files.delete(base);
        assertBaseRefused("there is no directory " + base);
    }

    @Test
    void baseThatIsNoDirectoryIsNamed() throws IOException {
        Files.delete(base);
        Files.createFile(base);
        assertBaseRefused(base + " is no directory");
    }

    private void assertBaseRefused(String error) {
        String refusal = refusal(below().creatingFifos());
        assertEquals("FIFO " + path + ": the directory that is allowed for FIFOs: " + error, refusal);
    }

    private void assertLeadsOut(Restore restore) {
        assertEquals(
                "FIFO " + path + ": a link on the way leads out of " + base + ", the directory that is allowed for FIFOs",
                refusal(restore));
    }

    private Restore below() {
        return Restore.from(image).fifosBelow(base);
    }

    private static String refusal(Restore restore) {
        return assertThrows(StandpipeException.class, restore::open).getMessage();
    }
}
