// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM that does something for the first time, and says for how many nanoseconds: all that a command's JVM ever does.
 */
final class NewJvm {

    private NewJvm() {}

    /** What a class with a main of this module prints. */
    static long nanos(Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String nanos = process.inputReader(StandardCharsets.US_ASCII).readLine();
        Floor.await(process);
        if (nanos == null) {
            throw new IOException("a new JVM, " + main.getSimpleName() + " " + arguments + ", said nothing");
        }
        return Long.parseLong(nanos);
    }
}
