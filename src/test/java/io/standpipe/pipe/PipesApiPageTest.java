// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/PIPES-API.md has two programs: an example, and a benchmark. */
class PipesApiPageTest {

    private static final Path PAGE = Path.of("docs/PIPES-API.md");
    private static final Path BENCHMARK =
            Path.of("benchmarks/src/main/java/io/standpipe/benchmarks/TeeAndSpliceBenchmark.java");
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```\n", Pattern.DOTALL);

    @TempDir
    Path directory;

    private static List<String> programs() throws IOException {
        return BLOCK.matcher(Files.readString(PAGE)).results().map(block -> block.group(1)).toList();
    }

    @Test
    void theBenchmarkIsTheOneThatIsRun() throws IOException {
        assertEquals(Files.readString(BENCHMARK), programs().get(1));
    }

    @Test
    void theExampleDuplicatesItsInput() throws Exception {
        Path source = Files.writeString(directory.resolve("KernelTee.java"), programs().get(0));
        String classPath = System.getProperty("java.class.path");
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-Xlint:all", "-Werror", "-proc:none", "-cp", classPath, "-d", directory.toString(),
                        source.toString());
        assertEquals(0, status, "javac");

        List<String> command = new ArrayList<>(List.of("sh", "-c", "seq 1 50000 | \"$@\" | cat", "sh"));
        command.addAll(TestJvm.java());
        command.addAll(List.of("-cp", directory + ":" + classPath, "KernelTee", directory.resolve("copy").toString()));
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();

        assertEquals(0, process.waitFor());
        String expected = IntStream.rangeClosed(1, 50_000).mapToObj(number -> number + "\n").collect(Collectors.joining());
        assertEquals(expected, Files.readString(output), "standard output");
        assertEquals(expected, Files.readString(directory.resolve("copy")), "file");
    }
}
