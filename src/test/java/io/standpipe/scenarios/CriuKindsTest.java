// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Keeper;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** One in so many kinds is dumped alone, unless all rounds are wanted. */
    private static final int ALONE = 8;

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
        List<Kind> all = kinds(Path.of("/")).toList();
        return IntStream.iterate(0, i -> i < all.size(), i -> i + Thorough.rounds(ALONE, 1)).mapToObj(i -> all.get(i).name());
    }

    private static Stream<Kind> kinds(Path directory) {
        return Stream.of(PipeKinds.all(), FifoKinds.in(directory), SharingKinds.all(), RareKinds.in(directory)).flatMap(List::stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("alone")
    void restoredProcessesHaveTheirPipesAsTheyWere(String name) throws Exception {
        Map<String, List<String>> never = examine("never", folder -> kinds(folder).filter(kind -> kind.name().equals(name)).toList(), false);
        Map<String, List<String>> restored = examine("restored", folder -> kinds(folder).filter(kind -> kind.name().equals(name)).toList(), true);
        assertSame(name, never, restored);
    }

    @Test
    void allKindsInOneTreeAreAsTheyWere() throws Exception {
        Map<String, List<String>> never = examine("never", folder -> kinds(folder).toList(), false);
        Map<String, List<String>> restored = examine("restored", folder -> kinds(folder).toList(), true);
        assertAll(never.keySet().stream().map(name -> () -> assertSame(name, never, restored)));
    }

    private static void assertSame(String name, Map<String, List<String>> never, Map<String, List<String>> restored) {
        String differences = differences(never.get(name), restored.get(name));
        assertEquals(DIFFERENCES.getOrDefault(name, ""), differences, name);
    }

    /** Returns each line that differs once, behind that of the processes that were never dumped. */
    private static String differences(List<String> never, List<String> restored) {
        Set<String> lines = new LinkedHashSet<>();
        for (int i = 0; i < Math.max(never.size(), restored.size()); i++) {
            String one = i < never.size() ? never.get(i) : "nothing";
            String other = i < restored.size() ? restored.get(i) : "nothing";
            if (!one.equals(other)) {
                lines.add(one + "; restored: " + other + "\n");
            }
        }
        return String.join("", lines);
    }

    private interface Kinds {
        List<Kind> in(Path folder);
    }

    /** Brings processes of one tree into situations, and returns what they answer later, by the kinds' names. */
    private Map<String, List<String>> examine(String stageName, Kinds kinds, boolean dumps) throws Exception {
        Path folder = Files.createDirectory(directory.toRealPath().resolve(stageName));
        try (Stage stage = Stage.in(folder, program); Keeper original = stage.startTree()) {
            Puppet root = stage.await(original.pid()).does("ignore SIGPIPE");
            List<Puppet> all = new ArrayList<>(List.of(root));
            Map<Kind, List<Integer>> casts = new LinkedHashMap<>();
            for (Kind kind : kinds.in(folder)) {
                Puppet[] cast = kind.setup().from(root.fork());
                casts.put(kind, Arrays.stream(cast).map(Puppet::pid).toList());
                all.addAll(List.of(cast));
            }
            stage.rest(all);
            if (!dumps) {
                return answers(stage, casts);
            }
            dump(original, folder);
            try (Keeper copy = Keeper.start(tool.restore(folder.resolve("images")), folder.resolve("restore"))) {
                assertEquals(0, copy.awaitCommand(), copy::output);
                return answers(stage, casts);
            }
        }
    }

    private static void dump(Keeper original, Path folder) throws Exception {
        Path images = Files.createDirectory(folder.resolve("images"));
        try (Keeper run = Keeper.start(tool.dump(original.pid(), images), folder.resolve("dump"))) {
            assertEquals(0, run.awaitCommand(), run::output);
            run.awaitAll();
        }
        original.awaitAll();
    }

    private static Map<String, List<String>> answers(Stage stage, Map<Kind, List<Integer>> casts) throws Exception {
        stage.wake();
        Map<String, List<String>> answers = new LinkedHashMap<>();
        for (Map.Entry<Kind, List<Integer>> each : casts.entrySet()) {
            List<Integer> pids = each.getValue();
            Puppet[] cast = new Puppet[pids.size()];
            for (int i = 0; i < cast.length; i++) {
                cast[i] = stage.await(pids.get(i));
            }
            List<String> lines = new ArrayList<>(Examination.of(cast, each.getKey().act()));
            for (int i = 0; i < cast.length; i++) {
                for (String line : cast[i].transcript()) {
                    lines.add("process " + i + ": " + withoutNames(line.replace(stage.folder().toString(), ""), pids));
                }
            }
            answers.put(each.getKey().name(), lines);
        }
        return answers;
    }

    /** Replaces pids by the places of processes, and the type of an owner that is nobody. */
    private static String withoutNames(String line, List<Integer> pids) {
        String result = line.replaceAll("F_OWNER_\\w+ 0", "nobody");
        for (int i = 0; i < pids.size(); i++) {
            result = result.replaceAll("(F_OWNER_\\w+) " + pids.get(i) + "\\b", "$1 of process " + i);
        }
        return result;
    }
}
