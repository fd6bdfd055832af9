// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.UnavailableException;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.Sysctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class CapacityRestorerTest {

    @TempDir
    Path folder;

    @Test
    void capacityAboveTheLimitIsRefusedWithLimitAndRemedy() throws IOException {
        long most = Sysctl.number(Sysctl.PIPE_MAX_SIZE);
        Host.assume(most < 1 << 30, "fs.pipe-max-size is too high");
        int wanted = (int) Long.highestOneBit(most) * 2;
        Path image = folder.resolve("pipes.ckpt");
        Files.write(image, SeedImage.onePipe(3, 4, new byte[1], wanted));
        if (Host.has(Host.Capability.SYS_RESOURCE)) {
            assertRestored(image, wanted);
            return;
        }
        UnavailableException e =
                assertThrows(UnavailableException.class, () -> Restore.from(image).open());
        assertEquals(
                "pipe 2: a capacity of " + wanted + " bytes is refused; /proc/sys/fs/pipe-max-size is " + most
                        + ": raise it to " + wanted + " or grant CAP_SYS_RESOURCE",
                e.getMessage());
    }

    @Test
    void bestEffortSetsTheLargestCapacityAllowedAndReportsIt() throws IOException {
        int most = (int) Long.highestOneBit(Sysctl.number(Sysctl.PIPE_MAX_SIZE));
        Host.assume(most < 1 << 30, "fs.pipe-max-size is too high");
        Path image = folder.resolve("pipes.ckpt");
        Files.write(image, SeedImage.onePipe(3, 4, new byte[1], 2 * most));
        if (Host.has(Host.Capability.SYS_RESOURCE)) {
            assertRestored(image, 2 * most);
            return;
        }
        try (RestoredPipes pipes = Restore.from(image).bestEffort().open()) {
            assertEquals(most, Pipes.capacityBytes(pipes.descriptor(3).number()));
            assertEquals(1, Pipes.queuedBytes(pipes.descriptor(3).number()));
            assertTrue(pipes.deviations().get(0).startsWith(
                    "pipe 2: capacity " + most + " bytes instead of " + 2 * most + "; "));
        }
    }

    private static void assertRestored(Path image, int capacityBytes) throws IOException {
        try (RestoredPipes pipes = Restore.from(image).bestEffort().open()) {
            assertEquals(capacityBytes, Pipes.capacityBytes(pipes.descriptor(3).number()));
            assertEquals(List.of(), pipes.deviations());
        }
    }
}
