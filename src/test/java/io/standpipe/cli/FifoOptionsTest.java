// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.SeedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The FIFO options of restore. The image has a FIFO at fd 5, with the path /run/f unless a test chooses another. */
@ExtendWith(DescriptorLeakCheck.class)
class FifoOptionsTest {

    @TempDir
    Path directory;

    private Path image;

    @BeforeEach
    void makeImage() throws Exception {
        image = save("/run/f");
    }

    @Test
    void fifoRootResolvesAbsoluteLinksBelowTheRoot() throws Exception {
        Path root = Files.createDirectories(directory.resolve("root"));
        Path real = Files.createDirectories(root.resolve("inner/run"));
        Files.createSymbolicLink(root.resolve("run"), Path.of("/inner/run"));
        CommandRun run = CommandRun.of(
                "restore", "--fifo-root", root, "--create-fifos", image, "--", "head", "-c", "7", "/proc/self/fd/5");
        assertEquals("payload", run.succeeded().out);
        assertEquals(1, real.toFile().list().length);
    }

    @Test
    void linkOutOfTheFifoBaseExitsWith1AndMakesNothing() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path base = Files.createDirectory(directory.resolve("base"));
        Files.createSymbolicLink(base.resolve("link"), elsewhere);
        CommandRun.of("restore", "--fifo-base", base, "--create-fifos", save(base + "/link/f"), "--", "true")
                .failed(125, "FIFO " + base + "/link/f: a link on the way leads out of " + base);
        assertEquals(0, elsewhere.toFile().list().length);
    }

    @Test
    void missingFifoBaseExitsWith2EvenIfTheImageHasNoFifo() throws Exception {
        Path absent = directory.resolve("absent");
        Path pipe = PipeHolder.save(directory.resolve("pipe.ckpt"), "4", "-", "");
        CommandRun.of("restore", "--fifo-base", absent, pipe, "--", "true").failed(2, "--fifo-base: there is no directory " + absent);
        CommandRun.of("restore", "--fifo-root", pipe, pipe, "--", "true").failed(2, "--fifo-root: " + pipe + " is no directory");
    }

    @Test
    void fifoBaseWithFifoRootExitsWith2() throws Exception {
        CommandRun.of("restore", "--fifo-base", directory, "--fifo-root", directory, image, "--", "true")
                .failed(2, "--fifo-base and --fifo-root exclude each other");
    }

    private Path save(String path) throws Exception {
        byte[] payload = "payload".getBytes(StandardCharsets.US_ASCII);
        return Files.write(directory.resolve("app.ckpt"), SeedImage.oneFifo(5, path, payload));
    }
}
