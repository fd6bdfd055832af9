// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.Jazzer;
import io.standpipe.cli.criu.DumpFiles;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.Thorough;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Has Jazzer look for images that break what {@link ImageOracle} says, and for dumps of CRIU that break what {@link DumpOracle} says, led by what code they reach: from the corpus on, the same
 * few in every build, and for as long as {@code standpipe.fuzz.seconds} says by the profile {@code fuzz}. What is found belongs
 * into the corpus.
 */
class FuzzTest {

    private static final int FEW_DESCRIPTORS = 200;
    private static final int MOST_BYTES = 20_000;
    private static final int RUNS = Thorough.rounds(250, 1_500);
    private static final int INPUT_SECONDS = 30;
    /** The fuzzer itself takes most of this while it starts. */
    private static final String HEAP = "-Xmx96m";
    private static final Path FOUND = Path.of("target/fuzz");

    @TempDir
    Path folder;

    @Test
    void fuzzerFindsNoDefect() throws Exception {
        int[] types = {1, 2, 3, 4, 5, 6, 7, 101, 102, 103, 104, 105, 115, 301, 302, 303, 304, 305, 308, 401, 601, 701, 8001, 8002, 8003, 8004, 8005, 8007, 9001, 9999};
        fuzz(FuzzedImages.class, CorpusTest.inputs().toList(), types);
    }

    @Test
    void fuzzerFindsNoDefectInDumpsOfCriu() throws Exception {
        List<Path> seeds = new ArrayList<>();
        for (String kind : DumpFiles.KINDS) {
            seeds.add(Files.write(folder.resolve(kind), PackedDump.of(kind, false)));
            seeds.add(Files.write(folder.resolve("old-" + kind), PackedDump.of(kind, true)));
        }
        fuzz(FuzzedDumps.class, seeds, DumpFiles.magics());
    }

    /** @param words that have a meaning in an input */
    private void fuzz(Class<?> target, List<Path> seeds, int... words) throws Exception {
        ChildRun result = TestJvm.runWithDescriptors(
                FEW_DESCRIPTORS,
                List.of(HEAP, "-cp", classPath(), "-XX:+EnableDynamicAgentLoading", "-Djava.io.tmpdir=" + folder),
                Jazzer.class, arguments(target, seeds, words).toArray(new String[0]));
        Files.writeString(FOUND.resolve("log"), result.output());
        assertEquals(0, result.exitStatus(), () -> "see " + FOUND + "; at the end: " + end(result.output()));
    }

    /** Returns the class path without the SDK of object stores: the fuzzer looks through every class, for which its heap has no room. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("/software/amazon/"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private List<String> arguments(Class<?> target, List<Path> seeds, int... words) throws IOException {
        Files.createDirectories(FOUND);
        List<String> arguments = new ArrayList<>(List.of(
                "--target_class=" + target.getName(), "--instrumentation_includes=io.standpipe.**",
                "--instrumentation_excludes=io.standpipe.fuzz.**", "--custom_hook_includes=none.**",
                "--reproducer_path=" + folder, "-artifact_prefix=" + FOUND + "/", "-dict=" + dictionary(words),
                "-max_len=" + MOST_BYTES, "-timeout=" + INPUT_SECONDS, "-rss_limit_mb=0", "-seed=1", "-print_final_stats=1"));
        arguments.add(seconds() == null ? "-runs=" + RUNS : "-max_total_time=" + seconds());
        arguments.add(corpus(target, seeds).toString());
        return arguments;
    }

    /** A copy, since the fuzzer adds to it: kept by a long run, for the next one. */
    private Path corpus(Class<?> target, List<Path> seeds) throws IOException {
        Path corpus = Files.createDirectories((seconds() == null ? folder : FOUND).resolve("corpus-" + target.getSimpleName()));
        for (Path seed : seeds) {
            Files.copy(seed, corpus.resolve(seed.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        return corpus;
    }

    private static String seconds() {
        return System.getProperty("standpipe.fuzz.seconds");
    }

    /** Numbers that have a meaning, as they stand in an input. */
    private Path dictionary(int... numbers) throws IOException {
        List<String> words = new ArrayList<>();
        for (int number : numbers) {
            words.add(String.format(
                    "\"\\x%02x\\x%02x\\x%02x\\x%02x\"", number & 0xff, number >> 8 & 0xff, number >> 16 & 0xff, number >>> 24));
        }
        return Files.write(folder.resolve("types"), words);
    }

    private static String end(String output) {
        List<String> lines = output.lines().toList();
        return lines.subList(Math.max(0, lines.size() - 30), lines.size()).stream().collect(Collectors.joining("\n"));
    }
}
