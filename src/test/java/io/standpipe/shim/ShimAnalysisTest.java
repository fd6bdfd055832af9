// SPDX-License-Identifier: Apache-2.0
package io.standpipe.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Host;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What compilers find in the shim when they follow all paths through it. */
class ShimAnalysisTest {

    static List<String> files() throws Exception {
        return ShimSources.cFiles(ShimSources.SHIM);
    }

    @ParameterizedTest
    @MethodSource("files")
    void gccAnalyzerFindsNothing(String file) throws Exception {
        // A descriptor crosses the boundary as a number, and some are there for the number's sake: that is no leak.
        assertFindsNothing(
                List.of("gcc", "-O2", "-fanalyzer", "-Wno-analyzer-fd-leak", "-c", "-o", "/dev/null"), List.of(file));
    }

    @Test
    void clangAnalyzerFindsNothing() throws Exception {
        Host.assumeTool("clang");
        assertFindsNothing(
                List.of("clang", "--analyze", "--analyzer-output", "text", "-Wno-unused-command-line-argument"), files());
    }

    @Test
    void gccAnalyzerFindsPlantedDefect() throws Exception {
        ChildRun run = ChildRun.of(List.of("sh", "-c", "echo '#include <stdlib.h>\nvoid f(void) { char *p = malloc(1);"
                + " if (p) { free(p); free(p); } }' | gcc -fanalyzer -Werror -c -o /dev/null -x c -"));

        assertTrue(run.output().contains("-Werror=analyzer-double-free"), run::toString);
    }

    private static void assertFindsNothing(List<String> compiler, List<String> files) throws Exception {
        List<String> command = new ArrayList<>(compiler);
        command.addAll(ShimSources.options());
        command.addAll(files);
        ChildRun run = ChildRun.of(command);

        assertEquals("", run.output(), run::toString);
        assertEquals(0, run.exitStatus(), run::toString);
    }
}
