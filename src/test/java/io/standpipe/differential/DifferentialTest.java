// SPDX-License-Identifier: Apache-2.0
package io.standpipe.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.bridge.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.IOException;
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

    private static final int STATES = 2_000;
    private static final int OPERATIONS = 60;

    @TempDir
    Path folder;

    private long compared;

    @Test
    void restoredPipeBehavesAsTheOriginal() throws IOException {
        Long one = Long.getLong("standpipe.differential.seed");
        if (one != null) {
            compare(one);
            return;
        }
        long wanted = Long.getLong("standpipe.differential.operations", 0);
        long base = System.nanoTime();
        for (int i = 0; i < STATES || compared < wanted; i++) {
            compare(i < STATES / 2 ? i : base + i);
        }
    }

    private void compare(long seed) throws IOException {
        Path image = folder.resolve("pipe.ckpt");
        try (RandomPipe original = new RandomPipe(seed)) {
            int[] numbers = original.numbers();
            Checkpoint.ofDescriptors(numbers).writeTo(image);
            try (RestoredPipes twin = Restore.from(image).open()) {
                List<Fd> twins = new ArrayList<>();
                for (int number : numbers) {
                    twins.add(twin.descriptor(number));
                }
                compare(seed, new Operations(seed, original.descriptors), new Operations(seed, twins));
            }
        }
    }

    private void compare(long seed, Operations original, Operations twin) {
        for (int step = 0; !original.isOver(); step++) {
            boolean closing = step >= OPERATIONS;
            assertEquals(
                    original.next(closing),
                    twin.next(closing),
                    "-Dstandpipe.differential.seed=" + seed + ", step " + step);
            compared++;
        }
    }
}
