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

/** standpipe extract. */
@ExtendWith(DescriptorLeakCheck.class)
class ExtractTest {

    private static final byte[] FULL = RandomBytes.of(65_536);
    private static final byte[] FEW = RandomBytes.of(777);

    @TempDir
    Path folder;

    @Test
    void aPipesBytesComeOut() throws Exception {
        Path image = save();
        assertArrayEquals(FULL, CommandRun.of("extract", image, "--pipe", 2).succeeded().outBytes);
        assertArrayEquals(FEW, CommandRun.of("extract", image, "--pipe", 4).succeeded().outBytes);
    }

    @Test
    void theyGoThroughAPipeAndAFileThatIsAppendedTo() throws Exception {
        Path image = save();
        assertArrayEquals(
                FULL, CommandRun.shell("\"$@\" | cat", "extract", image, "--pipe", 2).succeeded().outBytes);
        Path out = folder.resolve("out");
        CommandRun.shell("\"$@\" >> '" + out + "'; \"$@\" >> '" + out + "'", "extract", image, "--pipe", 4).succeeded();
        byte[] twice = Files.readAllBytes(out);
        assertEquals(2 * FEW.length, twice.length);
        assertArrayEquals(FEW, Arrays.copyOfRange(twice, FEW.length, twice.length));
    }

    @Test
    void theImageMayComeFromAStream() throws Exception {
        Path image = save();
        assertArrayEquals(
                FEW,
                CommandRun.shell("cat '" + image + "' | \"$@\"", "extract", "-", "--pipe", 4).succeeded().outBytes);
    }

    @Test
    void whichPipeMustBeKnown() throws Exception {
        Path image = save();
        CommandRun.here("extract", image).failed(1, "holds 2 pipes, expected 1; those in it are [2, 4]");
        CommandRun.here("extract", image, "--pipe", 3).failed(1, "holds no pipe 3; those in it are [2, 4]");
        CommandRun.here("extract", Files.write(folder.resolve("none"), FEW)).failed(3, "none: ");
    }

    private Path save() throws Exception {
        Path image = folder.resolve("two.ckpt");
        try (TestPipe full = TestPipe.holding(FULL); TestPipe few = TestPipe.holding(FEW)) {
            Checkpoint.ofDescriptors(full.readFd(), few.readFd()).writeTo(image);
        }
        return image;
    }
}
