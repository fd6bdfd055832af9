// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/**
 * A command that has run to its end.
 *
 * @param output standard output and standard error, in the order in which they came
 */
public record ChildRun(List<String> command, long pid, int exitStatus, String output) {

    /** Runs the command with an empty standard input and waits for its end. */
    public static ChildRun of(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            return new ChildRun(command, process.pid(), process.waitFor(), text);
        } finally {
            process.getErrorStream().close();
        }
    }

    /** Returns whether the command can be run and ends with 0. */
    public static boolean works(String... command) throws InterruptedException {
        try {
            return of(List.of(command)).exitStatus == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Checks that the command ended with 0 and printed exactly this. */
    public void assertPrinted(String expected) {
        Assertions.assertEquals(expected, output, this::toString);
        Assertions.assertEquals(0, exitStatus, this::toString);
    }

    @Override
    public String toString() {
        return String.join(" ", command) + " ended with " + exitStatus + " and printed:\n" + output;
    }
}
