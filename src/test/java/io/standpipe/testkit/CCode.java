// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** C that a test brings along, compiled with the compiler that the build needs anyway. */
public final class CCode {

    private CCode() {}

    /** A program. */
    public static Path program(Path folder, String source, String... options) throws IOException, InterruptedException {
        return compile(folder.resolve("program"), source, List.of(options));
    }

    /** What has a command use a library in place of the C library's functions of the same names. */
    public static List<String> preloaded(Path folder, String source, String... environment)
            throws IOException, InterruptedException {
        Path library = compile(folder.resolve("library.so"), source, List.of("-shared", "-fPIC"));
        List<String> command = new ArrayList<>(List.of("env", "LD_PRELOAD=" + library));
        command.addAll(List.of(environment));
        return command;
    }

    private static Path compile(Path result, String source, List<String> options)
            throws IOException, InterruptedException {
        Path file = Files.writeString(result.resolveSibling(result.getFileName() + ".c"), source);
        List<String> command = new ArrayList<>(List.of("gcc", "-w", "-o", result.toString()));
        command.addAll(options);
        command.add(file.toString());
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException(command + " ended with " + status);
        }
        return result;
    }
}
