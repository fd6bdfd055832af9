// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.Keeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compares a tree of processes that was dumped and restored with one that never was: what every system call shows of their pipes, and
 * what they do with them then.
 *
 * @param program what puppets run
 * @param directory a new one
 */
record TreeComparison(DumpTool tool, Path program, Path directory) {

    /** Returns all kinds, with their FIFOs in a directory. */
    static Stream<Kind> kinds(Path directory) {
        return Stream.of(PipeKinds.all(), FifoKinds.in(directory), SharingKinds.all(), RareKinds.in(directory)).flatMap(List::stream);
    }

    /** Returns what is not as it was, a line each, by the names of the kinds, all of which are in one tree. */
    Map<String, String> differences(Set<String> names) throws Exception {
        Map<String, List<String>> never = examine("never", names, false);
        Map<String, List<String>> restored = examine("restored", names, true);
        Map<String, String> differences = new LinkedHashMap<>();
        never.forEach((name, lines) -> differences.put(name, differences(lines, restored.get(name))));
        return differences;
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

    /** Brings processes of one tree into situations, and returns what they answer later, by the kinds' names. */
    private Map<String, List<String>> examine(String stageName, Set<String> names, boolean dumps) throws Exception {
        Path folder = Files.createDirectory(directory.toRealPath().resolve(stageName));
        try (Stage stage = Stage.in(folder, program); Keeper original = stage.startTree()) {
            Puppet root = stage.await(original.pid()).does("ignore SIGPIPE");
            List<Puppet> all = new ArrayList<>(List.of(root));
            Map<Kind, List<Integer>> casts = new LinkedHashMap<>();
            for (Kind kind : kinds(folder).filter(each -> names.contains(each.name())).toList()) {
                Puppet[] cast = kind.setup().from(root.fork());
                casts.put(kind, Arrays.stream(cast).map(Puppet::pid).toList());
                all.addAll(List.of(cast));
            }
            stage.rest(all);
            if (!dumps) {
                stage.wake(true);
                return answers(stage, casts);
            }
            dump(original, folder);
            try (Keeper copy = Keeper.start(tool.restore(folder.resolve("images")), folder.resolve("restore"))) {
                assertEquals(0, copy.awaitCommand(), copy::output);
                stage.wake(false);
                return answers(stage, casts);
            }
        }
    }

    private void dump(Keeper original, Path folder) throws Exception {
        Path images = Files.createDirectory(folder.resolve("images"));
        try (Keeper run = Keeper.start(tool.dump(original.pid(), images), folder.resolve("dump"))) {
            assertEquals(0, run.awaitCommand(), run::output);
            run.awaitAll();
        }
        original.awaitAll();
    }

    private static Map<String, List<String>> answers(Stage stage, Map<Kind, List<Integer>> casts) throws Exception {
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
