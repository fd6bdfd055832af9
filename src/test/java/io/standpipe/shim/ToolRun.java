// SPDX-License-Identifier: Apache-2.0
package io.standpipe.shim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A tool run to its end: its exit status, and what it printed on both its outputs. */
record ToolRun(List<String> command, int exitStatus, String output) {

    static ToolRun of(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try (var output = process.getInputStream()) {
            String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            return new ToolRun(command, process.waitFor(), said);
        } finally {
            process.getErrorStream().close();
        }
    }

    /** Whether a tool is there and does what it is asked. */
    static boolean works(String... command) throws InterruptedException {
        try {
            return of(List.of(command)).exitStatus == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Skips the test where a tool is not installed. */
    static void assumeInstalled(String tool) throws InterruptedException {
        Assumptions.assumeTrue(works(tool, "--version"), tool + " is not installed");
    }

    @Override
    public String toString() {
        return String.join(" ", command) + " ended with " + exitStatus + " and said:\n" + output;
    }
}
