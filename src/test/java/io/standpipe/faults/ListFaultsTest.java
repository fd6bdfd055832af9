// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Host;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link FaultInjectionTest} is for all other operations, for listing the pipes of running processes. */
class ListFaultsTest {

    @TempDir
    Path folder;

    @Test
    void failedSystemCallOfListLosesNothingAndIsNamed() throws IOException, InterruptedException {
        if (Host.isRoot()) {
            Host.assumeMountNamespaces();
        } else {
            Host.assumeUserNamespaces();
        }
        ChildRun result = FaultLibrary.runAll(folder, true);
        assertEquals(0, result.exitStatus(), result::output);
        List<String> lines = result.output().lines().toList();
        assertEquals(List.of(), lines.stream().filter(line -> line.startsWith("FAILED ")).toList());
        assertTrue(lines.contains("native sp_pidfd_getfd"), result::output);
    }
}
