// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.testkit.TestProcess;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Processes that end between the search for them and the search for their pipes. */
class EndedProcessTest {

    @Test
    void processOfATreeThatEndsMeanwhileIsNoted() throws Exception {
        int ended = endedPid();
        try (TestProcess root = TestProcess.shell("exec sleep 1000").awaitBecome("sleep");
                Targets.Opened opened = Targets.tree(root.pid()).open(List.of(root.pid(), ended));
                Inventory inventory = DescriptorCollector.collect(opened)) {
            assertEquals(1, inventory.found().size());
            assertEquals(1, inventory.notes().size());
            assertTrue(inventory.notes().get(0).startsWith("process " + ended + ": "), inventory.notes().get(0));
            assertTrue(inventory.notes().get(0).endsWith(", and is left out"), inventory.notes().get(0));
        }
    }

    @Test
    void processThatWasNamedAndEndsIsRefused() throws Exception {
        int ended = endedPid();
        Targets targets = Targets.processes(ProcessCalls.pid(), ended);
        StandpipeException e = assertThrows(ProcessEndedException.class, () -> targets.open(List.of(ended)).close());
        assertTrue(e.getMessage().startsWith("process " + ended + ": "), e.getMessage());
    }

    private static int endedPid() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            return process.pid();
        }
    }
}
