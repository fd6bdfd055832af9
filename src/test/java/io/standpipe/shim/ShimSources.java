// SPDX-License-Identifier: Apache-2.0
package io.standpipe.shim;

import io.standpipe.testkit.ChildRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The C files of the shim and of its tests, and how they are compiled. */
final class ShimSources {

    static final Path SHIM = Path.of("src/main/native");
    static final Path TESTS = Path.of("src/test/native");

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern FUNCTION = Pattern.compile("\\bsp_\\w+(?=\\s*\\()");

    private ShimSources() {}

    /** The functions that the header declares. */
    static SortedSet<String> declaredFunctions() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        String header = Files.readString(SHIM.resolve("standpipe.h"));
        Matcher function = FUNCTION.matcher(COMMENT.matcher(header).replaceAll(""));
        while (function.find()) {
            names.add(function.group());
        }
        return names;
    }

    static List<String> cFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString).filter(name -> name.endsWith(".c")).sorted().toList();
        }
    }

    /** The language and the warnings of the build, and where the headers are. */
    static List<String> options() {
        String jdk = System.getProperty("java.home") + "/include";
        return List.of("-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Werror",
                "-U_FORTIFY_SOURCE", "-pthread", "-I" + jdk, "-I" + jdk + "/linux", "-I" + SHIM, "-I" + TESTS);
    }

    /** The program of src/test/native, compiled together with the shim. */
    static Path testProgram(Path folder, String compiler, String... options) throws IOException, InterruptedException {
        Path program = folder.resolve("shim-test");
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(options());
        command.addAll(List.of(options));
        command.addAll(List.of("-g", "-o", program.toString()));
        command.addAll(cFiles(SHIM));
        command.addAll(cFiles(TESTS));
        ChildRun compiled = ChildRun.of(command);
        if (compiled.exitStatus() != 0) {
            throw new AssertionError(compiled);
        }
        return program;
    }
}
