// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.cli.criu.DumpFiles;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class ExtractDumpTest {

    @TempDir
    Path directory;

    @Test
    void bytesOfAPipeAndOfAFifoAreWritten() throws Exception {
        Path pipes = DumpFiles.copy("pipes", directory);
        assertEquals("shared\n", CommandRun.of("extract", pipes, "--pipe", 325310).succeeded().out);
        assertEquals("0123456789".repeat(500), CommandRun.shell("\"$@\" | cat", "extract", pipes + "/", "--pipe", 325313).succeeded().out);
        Path fifos = DumpFiles.copy("fifos", directory);
        assertEquals("no path\n", CommandRun.of("extract", fifos, "--pipe", 2199165).succeeded().out);
        assertEquals("", CommandRun.of("extract", fifos, "--pipe", 2199166).succeeded().out);
    }

    @Test
    void onlyPipeNeedsNoNumber() throws Exception {
        assertEquals("in a queue\n", CommandRun.of("extract", DumpFiles.copy("queue", directory)).succeeded().out);
    }

    @Test
    void contentsThatHadGrownToSeveralPipesAreWhole() throws Exception {
        Path dump = DumpFiles.copy("queue", directory);
        byte[] large = DumpFiles.replaceContents(dump, 1_000_001);
        byte[] out = CommandRun.shell("\"$@\" | cat", "extract", dump).succeeded().outBytes;
        assertArrayEquals(large, out);
    }

    @Test
    void unknownAmbiguousAndUnsavedPipesAreRefused() throws Exception {
        Path pipes = DumpFiles.copy("pipes", directory);
        CommandRun.here("extract", pipes).failed(
                2, "holds 4 pipes, expected 1; choose one of [325310, 325313, 325314, 325315] with --pipe");
        CommandRun.here("extract", pipes, "--pipe", "2").failed(2, "holds no pipe 2; choose one of [325310, ");
        CommandRun.here("extract", pipes, "--pipe", "4294967296").failed(2, "'4294967296' is no number, expected 0 to 4294967295");
        CommandRun unsaved = CommandRun.of("extract", pipes, "--pipe", 325315);
        unsaved.failed(1, "pipe 325315: CRIU did not save what was queued there, since no dumped process could read it");
        assertEquals(0, unsaved.outBytes.length);
        Path image = Files.write(directory.resolve("image"), new byte[1]);
        CommandRun.here("extract", image, "--pipe", "2147483648").failed(2, "--pipe: expected at most 2147483647 for an image");
    }

    @Test
    void pipeAndFifoOfTheSameNumberAreToldApart() throws Exception {
        Path pipes = DumpFiles.copy("pipes", directory);
        DumpFiles.copy("fifos", directory.resolve("other"));
        DumpFiles.addFifos(pipes, directory.resolve("other/fifos"), 325313);
        String shown = CommandRun.here("show", pipes).succeeded().out;
        assertTrue(shown.contains("pipe 325313 [######"), shown);
        assertTrue(shown.contains("pipe 325316 [#..."), shown);
        assertEquals("in a FIFO\n", CommandRun.of("extract", pipes, "--pipe", 325316).succeeded().out);
        assertEquals("0123456789".repeat(500), CommandRun.of("extract", pipes, "--pipe", 325313).succeeded().out);
    }
}
