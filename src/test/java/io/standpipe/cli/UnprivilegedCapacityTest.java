// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.Sysctl;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A user without CAP_SYS_RESOURCE restores pipes with a capacity above pipe-max-size. */
@ExtendWith(DescriptorLeakCheck.class)
class UnprivilegedCapacityTest {

    @TempDir
    static Path directory;

    private static OtherUser user;
    private static int most;

    @BeforeAll
    static void findTheLimit() throws Exception {
        long limit = Sysctl.number(Sysctl.PIPE_MAX_SIZE);
        Host.assume(limit <= 1 << 24, "fs.pipe-max-size is too high");
        most = (int) Long.highestOneBit(limit);
        user = OtherUser.in(directory);
    }

    @Test
    void capacityAbovePipeMaxSizeIsRefusedWithLimitAndRemedy() throws Exception {
        user.run("restore", save(1), "--", "true").failed(125, refusal());
    }

    @Test
    void bestEffortUsesTheLargestAllowedCapacityAndReportsIt() throws Exception {
        String count = "head -c " + most + " <&3 | wc -c";
        CommandRun run = user.run("restore", "--best-effort", save(most), "--", "sh", "-c", count);
        assertEquals(0, run.exitStatus, run.err);
        assertEquals(Integer.toString(most), run.out.trim());
        assertTrue(
                run.err.startsWith("standpipe: pipe 2: capacity " + most + " bytes instead of " + 2 * most + "; "), run.err);
    }

    @Test
    void bestEffortRefusesBytesThatDoNotFit() throws Exception {
        user.run("restore", "--best-effort", save(most + 1), "--", "true").failed(125, refusal());
    }

    private static String refusal() throws Exception {
        return "pipe 2: a capacity of " + 2 * most + " bytes is refused; " + Sysctl.PIPE_MAX_SIZE + " is "
                + Sysctl.number(Sysctl.PIPE_MAX_SIZE) + ": raise it to " + 2 * most + " or grant CAP_SYS_RESOURCE";
    }

    /** Writes an image of a pipe of that user, with its ends at fds 3 and 4. */
    private static Path save(int bytes) throws Exception {
        return user.file(SeedImage.onePipe(3, 4, new byte[bytes], 2 * most, OtherUser.ID));
    }
}
