// SPDX-License-Identifier: Apache-2.0
package org.example.kotlin;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

/** Compiles the program, and finds that each misuse is refused for the reason that its first line has. */
public final class Compiling {

    private static final String EXPECTED = "// expected: ";

    private Compiling() {}

    public static void main(String[] arguments) throws Exception {
        Path sources = Path.of(arguments[0]);
        String messages = compile(sources.resolve("main/kotlin"), Path.of(arguments[1]), ExitCode.OK);
        if (!messages.isBlank()) {
            throw new AssertionError(messages);
        }
        try (Stream<Path> files = Files.list(sources.resolve("misuse"))) {
            for (Path misuse : files.sorted().toList()) {
                Path classes = Files.createTempDirectory("misuse");
                String refusal = compile(misuse, classes, ExitCode.COMPILATION_ERROR);
                String expected = Files.readAllLines(misuse).get(1).substring(EXPECTED.length());
                if (!refusal.contains(expected) || refusal.lines().filter(line -> line.contains("error:")).count() != 1) {
                    throw new AssertionError(misuse + ": expected only '" + expected + "', found: " + refusal);
                }
                Files.delete(classes);
            }
        }
    }

    /** Returns what the compiler says. */
    private static String compile(Path source, Path classes, ExitCode expected) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExitCode code = new K2JVMCompiler().exec(
                new PrintStream(out, true, StandardCharsets.UTF_8), "-no-stdlib", "-no-reflect", "-jvm-target", "17", "-Werror",
                "-Xjspecify-annotations=strict", "-cp", classPath(), "-d", classes.toString(), source.toString());
        String messages = out.toString(StandardCharsets.UTF_8);
        if (code != expected) {
            throw new AssertionError(source + ": " + code + ", expected " + expected + ": " + messages);
        }
        return messages;
    }

    /** As those who use the library have it: without the annotations themselves. */
    private static String classPath() {
        List<String> entries = Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
        return entries.stream().filter(entry -> !entry.contains("jspecify")).collect(Collectors.joining(File.pathSeparator));
    }
}
