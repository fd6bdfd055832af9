// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole processes, dumped and restored, compared with processes that never were: what every system call shows of their pipes, and what
 * they do with them then, must be the same. {@code -Dstandpipe.criu.alone=true} shows what CRIU loses by itself.
 */
@Timeout(180)
@ExtendWith(DescriptorLeakCheck.class)
class CriuKindsTest {

    /** One in so many kinds is dumped alone, twice as many if all rounds are wanted, and each with {@code -Dstandpipe.criu.all=true}. */
    private static final int ALONE = 16;

    /**
     * What is not as it was, by the kinds' names. A description that is in a queue alone is made by CRIU, which opens the pipe anew; and
     * who restores sets the owners of signals.
     */
    private static final Map<String, String> DIFFERENCES = Map.of(
            "end in a socket's queue", "process 0: getfl 3 -> 0; restored: process 0: getfl 3 -> O_LARGEFILE\n",
            "signal by a user who may not send it", "process 0: owneruids 3 -> 1234 1234; restored: process 0: owneruids 3 -> 0 0\n"
                    + "process 0: signals -> ; restored: process 0: signals -> 29\n");

    @TempDir
    static Path programs;

    private static Path program;
    private static DumpTool tool;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        tool = DumpTool.wanted();
        program = Stage.compile(programs.toRealPath());
    }

    static Stream<String> alone() {
        List<String> names = TreeComparison.kinds(Path.of("/")).map(Kind::name).toList();
        return IntStream.iterate(0, i -> i < names.size(), i -> i + (Boolean.getBoolean("standpipe.criu.all") ? 1 : Thorough.rounds(ALONE, ALONE / 2))).mapToObj(names::get);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("alone")
    void restoredProcessesHaveTheirPipesAsTheyWere(String name) throws Exception {
        Map<String, String> differences = new TreeComparison(tool, program, directory.toRealPath()).differences(Set.of(name));
        assertEquals(DIFFERENCES.getOrDefault(name, ""), differences.get(name));
    }

    @Test
    void allKindsInOneTreeAreAsTheyWere() throws Exception {
        Set<String> names = TreeComparison.kinds(Path.of("/")).map(Kind::name).collect(Collectors.toSet());
        Map<String, String> differences = new TreeComparison(tool, program, directory.toRealPath()).differences(names);
        assertEquals(names, differences.keySet());
        assertAll(names.stream().map(name -> () -> assertEquals(DIFFERENCES.getOrDefault(name, ""), differences.get(name), name)));
    }
}
