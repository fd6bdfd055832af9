// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.TestJvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own for what cannot be done in the one that runs the tests. */
final class ForkedJvm {

    private static final int PATIENCE_SECONDS = 120;

    final long pid;
    final int exitStatus;
    /** Standard output and error, in the order they came. */
    final String output;

    private ForkedJvm(long pid, int exitStatus, String output) {
        this.pid = pid;
        this.exitStatus = exitStatus;
        this.output = output;
    }

    /** Runs a main class of the test class path, to its end. */
    static ForkedJvm run(Class<?> mainClass, String... arguments) throws IOException, InterruptedException {
        return run(List.of(), mainClass, arguments);
    }

    /** Runs a main class through a command that gets the JVM's command line added to its own. */
    static ForkedJvm run(List<String> prefix, Class<?> mainClass, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(TestJvm.java());
        command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream output = process.getInputStream()) {
            process.getOutputStream().close();
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "process has not ended; it said: " + text);
            return new ForkedJvm(process.pid(), process.exitValue(), text);
        } finally {
            process.destroyForcibly();
            process.getErrorStream().close();
        }
    }
}
