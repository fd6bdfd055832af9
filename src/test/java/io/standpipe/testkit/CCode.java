// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compiles C code of tests with gcc, which the build needs anyway. */
public final class CCode {

    private static final List<String> STRICT = List.of("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror");
    private static final List<String> LIBRARY = List.of("-shared", "-fPIC");

    private CCode() {}

    /** Compiles a program from source text; warnings are off, so that the text may be short. */
    public static Path program(Path directory, String source, String... options)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-w"));
        all.addAll(List.of(options));
        return compile(directory.resolve("program"), source, all);
    }

    /** Compiles a program from a resource beside the class, of which any warning is an error. */
    public static Path program(Path directory, Class<?> beside, String resource) throws IOException, InterruptedException {
        return compile(directory.resolve("program"), text(beside, resource), STRICT);
    }

    /** Compiles a shared library from a resource beside the class, of which any warning is an error. */
    public static Path library(Path directory, Class<?> beside, String resource) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(STRICT);
        options.addAll(LIBRARY);
        return compile(directory.resolve("library.so"), text(beside, resource), options);
    }

    /**
     * Compiles a library from source text. Returns the beginning of a command line: the command that is appended to it calls the
     * library's functions in place of the C library's functions of the same names.
     */
    public static List<String> preloaded(Path directory, String source, String... environment)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("-w"));
        options.addAll(LIBRARY);
        Path library = compile(directory.resolve("library.so"), source, options);
        List<String> command = new ArrayList<>(List.of("env", "LD_PRELOAD=" + library));
        command.addAll(List.of(environment));
        return command;
    }

    private static String text(Class<?> beside, String resource) throws IOException {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Path compile(Path result, String source, List<String> options)
            throws IOException, InterruptedException {
        Path file = Files.writeString(result.resolveSibling(result.getFileName() + ".c"), source);
        List<String> command = new ArrayList<>(List.of("gcc", "-o", result.toString()));
        command.addAll(options);
        command.add(file.toString());
        ChildRun run = ChildRun.of(command);
        if (run.exitStatus() != 0) {
            throw new IOException(run.toString());
        }
        return result;
    }
}
