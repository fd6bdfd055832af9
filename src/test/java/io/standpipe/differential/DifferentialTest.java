// SPDX-License-Identifier: Apache-2.0
package io.standpipe.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.Snapshot;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A restored pipe cannot be told from the original: the same random operations on both give the same results.
 *
 * <p>{@code -Dstandpipe.differential.operations=N} runs until N operations were compared;
 * {@code -Dstandpipe.differential.seed=S} runs one state again.
 */
@ExtendWith(DescriptorLeakCheck.class)
class DifferentialTest {

    private static final int STATES = Thorough.rounds(400, 2_000);
    private static final int OPERATIONS = 60;
    private static final int CLOSING = 4;
    private static final int OFTEN = STATES / 10;

    @TempDir
    Path folder;

    private long compared;
    private int ends;
    private int broken;

    @Test
    void restoredPipeBehavesAsTheOriginal() throws IOException {
        Path data = Files.write(folder.resolve("data"), RandomBytes.of(8 * PipeModel.PAGE));
        try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, data.toString(), Flags.O_RDONLY, 0)) {
            Long one = Long.getLong("standpipe.differential.seed");
            if (one != null) {
                compare(one, file);
                return;
            }
            long wanted = Long.getLong("standpipe.differential.operations", 0);
            long base = System.nanoTime();
            for (int i = 0; i < STATES || compared < wanted; i++) {
                compare(i < STATES / 2 ? i : base + i, file);
            }
            assertTrue(ends > OFTEN && broken > OFTEN, ends + " ends and " + broken + " broken pipes were met");
        }
    }

    /** A FIFO's twin is made below another root, at the same path. */
    private void compare(long seed, Fd file) throws IOException {
        Path image = folder.resolve("pipe.ckpt");
        Path fifo = seed % 4 == 0 ? folder.resolve("fifo") : null;
        Path root = folder.resolve("root");
        Files.createDirectories(below(root, folder));
        try (RandomPipe original = new RandomPipe(seed, fifo, file)) {
            int[] numbers = original.numbers();
            try (Snapshot snapshot = checkpoint(seed, numbers).snapshot();
                    RestoredPipes twin = saved(seed, snapshot, numbers, image).fifosInRoot(root).creatingFifos().open()) {
                List<Fd> twins = new ArrayList<>();
                for (int number : numbers) {
                    twins.add(twin.descriptor(number));
                }
                compare(seed, new Operations(seed, original.descriptors, file), new Operations(seed, twins, file));
            }
        } catch (IOException e) {
            throw new IOException(reproduced(seed), e);
        } finally {
            if (fifo != null) {
                Files.deleteIfExists(fifo);
                Files.deleteIfExists(below(root, fifo));
            }
        }
    }

    /** Half of the snapshots are copies, which nothing can tell from clones. */
    private static Checkpoint checkpoint(long seed, int[] numbers) {
        Checkpoint checkpoint = Checkpoint.ofDescriptors(numbers);
        return (seed & 8) == 0 ? checkpoint : checkpoint.copying();
    }

    /** By an image, by an image of a snapshot, or by a snapshot alone. */
    private static Restore saved(long seed, Snapshot snapshot, int[] numbers, Path image) throws IOException {
        switch ((int) (seed >>> 2) & 3) {
            case 0:
                snapshot.writeTo(image);
                return Restore.from(image);
            case 1:
                return Restore.from(snapshot);
            default:
                Checkpoint.ofDescriptors(numbers).writeTo(image);
                return Restore.from(image);
        }
    }

    private static Path below(Path root, Path absolute) {
        return root.resolve(Path.of("/").relativize(absolute));
    }

    private static String reproduced(long seed) {
        return "-Dstandpipe.differential.seed=" + seed;
    }

    private void compare(long seed, Operations original, Operations twin) throws IOException {
        for (int step = 0; step < OPERATIONS + CLOSING; step++) {
            boolean closing = step >= OPERATIONS;
            assertEquals(original.next(closing), twin.next(closing), reproduced(seed) + ", step " + step);
            compared++;
        }
        String end = original.end();
        assertEquals(end, twin.end(), reproduced(seed) + ", end");
        ends += end.contains(Operations.END) ? 1 : 0;
        broken += end.contains("EPIPE") ? 1 : 0;
    }
}
