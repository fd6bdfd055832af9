// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.Checkpoint;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class ExtractCommandTest {

    private static final byte[] FULL = RandomBytes.of(65_536);
    private static final byte[] FEW = RandomBytes.of(777);

    @TempDir
    Path directory;

    @Test
    void extractPrintsTheBytesOfThePipe() throws Exception {
        Path image = save();
        assertArrayEquals(FULL, CommandRun.of("extract", image, "--pipe", 2).succeeded().outBytes);
        assertArrayEquals(FEW, CommandRun.of("extract", image, "--pipe", 4).succeeded().outBytes);
    }

    @Test
    void extractWritesToPipeAndAppendsToFile() throws Exception {
        Path image = save();
        assertArrayEquals(
                FULL, CommandRun.shell("\"$@\" | cat", "extract", image, "--pipe", 2).succeeded().outBytes);
        Path out = directory.resolve("out");
        CommandRun.shell("\"$@\" >> '" + out + "'; \"$@\" >> '" + out + "'", "extract", image, "--pipe", 4).succeeded();
        byte[] twice = Files.readAllBytes(out);
        assertEquals(2 * FEW.length, twice.length);
        assertArrayEquals(FEW, Arrays.copyOfRange(twice, FEW.length, twice.length));
    }

    @Test
    void extractReadsTheImageFromStandardInput() throws Exception {
        Path image = save();
        assertArrayEquals(
                FEW,
                CommandRun.shell("cat '" + image + "' | \"$@\"", "extract", "-", "--pipe", 4).succeeded().outBytes);
    }

    @Test
    void extractOfUnknownOrAmbiguousPipeIsRefused() throws Exception {
        Path image = save();
        CommandRun.here("extract", image).failed(2, "holds 2 pipes, expected 1; choose one of [2, 4] with --pipe");
        CommandRun.here("extract", image, "--pipe", 3).failed(2, "holds no pipe 3; choose one of [2, 4] with --pipe");
        CommandRun.here("extract", Files.write(directory.resolve("none"), FEW)).failed(3, "none: ");
    }

    private Path save() throws Exception {
        Path image = directory.resolve("two.ckpt");
        try (TestPipe full = TestPipe.holding(FULL); TestPipe few = TestPipe.holding(FEW)) {
            Checkpoint.ofDescriptors(full.readFd(), few.readFd()).writeTo(image);
        }
        return image;
    }
}
