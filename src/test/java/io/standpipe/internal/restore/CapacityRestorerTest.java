// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.Sysctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class CapacityRestorerTest {

    private static final int CAP_SYS_RESOURCE = 24;

    @TempDir
    Path folder;

    @Test
    void capacityAboveTheLimitIsRefusedWithLimitAndRemedy() throws IOException {
        assumeTrue(
                (ProcessStatus.effectiveCapabilities() >>> CAP_SYS_RESOURCE & 1) == 0,
                "with CAP_SYS_RESOURCE no capacity is above the limit");
        long most = Sysctl.number(Sysctl.PIPE_MAX_SIZE);
        assumeTrue(most < 1 << 30, "no capacity is above the limit");
        int wanted = (int) Long.highestOneBit(most) * 2;
        Path image = folder.resolve("pipes.ckpt");
        Files.write(image, SeedImage.onePipe(3, 4, new byte[1], wanted));
        UnavailableException e =
                assertThrows(UnavailableException.class, () -> Restore.from(image).open());
        assertEquals(
                "pipe 2: a capacity of " + wanted + " bytes is refused; /proc/sys/fs/pipe-max-size is " + most
                        + ": raise it to " + wanted + " or grant CAP_SYS_RESOURCE",
                e.getMessage());
    }

    @Test
    void bestEffortSetsTheLargestCapacityAllowedAndReportsIt() throws IOException {
        assumeTrue(
                (ProcessStatus.effectiveCapabilities() >>> CAP_SYS_RESOURCE & 1) == 0,
                "with CAP_SYS_RESOURCE no capacity is above the limit");
        int most = (int) Long.highestOneBit(Sysctl.number(Sysctl.PIPE_MAX_SIZE));
        assumeTrue(most < 1 << 30, "no capacity is above the limit");
        Path image = folder.resolve("pipes.ckpt");
        Files.write(image, SeedImage.onePipe(3, 4, new byte[1], 2 * most));
        try (RestoredPipes pipes = Restore.from(image).bestEffort().open()) {
            assertEquals(most, Pipes.capacityBytes(pipes.descriptor(3).number()));
            assertEquals(1, Pipes.queuedBytes(pipes.descriptor(3).number()));
            assertTrue(pipes.deviations().get(0).startsWith(
                    "pipe 2: capacity " + most + " bytes instead of " + 2 * most + "; "));
        }
    }
}
