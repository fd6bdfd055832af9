// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.RefusedCalls;
import io.standpipe.testkit.TestJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores in place where the kernel does not compare descriptions: before Linux 6.10 without kcmp, or where a profile forbids it. */
class InPlaceWithoutComparisonTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {RefusedCalls.NO_COMPARISON, "kcmp=EPERM,F_DUPFD_QUERY=EINVAL"})
    void pipeHasTheBytesOfTheCheckpointAndNothingIsOverwritten(String calls) throws Exception {
        ChildRun run = run(calls);
        assertEquals(0, run.exitStatus(), run::output);
        assertTrue(run.output().matches("(?s).*descriptor \\d+: the number is taken by /;.*as before\n"), run::output);
    }

    private ChildRun run(String calls) throws Exception {
        List<String> command = new ArrayList<>(RefusedCalls.in(directory).refusing(calls));
        command.addAll(TestJvm.command(InPlaceWithoutComparison.class, directory.resolve("image").toString()));
        return ChildRun.of(command);
    }
}
