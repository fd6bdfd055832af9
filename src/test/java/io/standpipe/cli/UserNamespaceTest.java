// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checkpoint and restore by a user who is root only in a user namespace, as in a rootless container. */
@ExtendWith(DescriptorLeakCheck.class)
class UserNamespaceTest {

    private static final List<String> ENTER = List.of("unshare", "--user", "--map-root-user");

    @BeforeEach
    void thereAreUserNamespaces() throws Exception {
        CommandRun run = CommandRun.program(List.of("unshare", "--user", "--map-root-user", "true"));
        assumeTrue(run.exitStatus == 0, () -> "no user namespace can be made here: " + run.err);
    }

    @Test
    void pipelineInTheNamespaceIsSavedAndRestored() throws Exception {
        CommandRun run = CommandRun.through(ENTER, "demo");
        assertEquals(0, run.exitStatus, run.out + run.err);
    }

    @Test
    void processOutsideTheNamespaceIsRefused() throws Exception {
        CommandRun run = CommandRun.through(
                ENTER, "checkpoint", "--pid", ProcessHandle.current().pid(), "--fd", "0", "-o", "/dev/null/none.ckpt");
        assertTrue(run.exitStatus != 0, run.out);
        assertTrue(run.err.contains("EPERM"), run.err);
    }
}
