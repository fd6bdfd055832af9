// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.TestJvm;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A run of the command that has ended. A run in a JVM of its own writes to files, so that it holds no pipe of the test. */
final class CommandRun {

    private static final int LIMIT_SECONDS = 60;

    final long pid;
    final int exitStatus;
    final byte[] outBytes;
    final String out;
    final String err;

    private CommandRun(long pid, int exitStatus, byte[] outBytes, String err) {
        this.pid = pid;
        this.exitStatus = exitStatus;
        this.outBytes = outBytes;
        this.out = new String(outBytes, StandardCharsets.UTF_8);
        this.err = err;
    }

    /** Runs {@code standpipe} with arguments in a JVM of its own. */
    static CommandRun of(Object... arguments) throws IOException, InterruptedException {
        return through(List.of(), arguments);
    }

    /**
     * Runs {@code standpipe} in this JVM. Only for commands that use their arguments and writers: not for those that read or
     * write fd 0, 1 or 2 directly, or that become or start another command.
     */
    static CommandRun here(Object... arguments) {
        List<String> words = Stream.of(arguments).map(Object::toString).toList();
        String[] args = words.toArray(new String[0]);
        assertFalse(words.contains("--") || words.contains("--run"), () -> words + " needs a JVM of its own");
        assertFalse(words.contains("-") || words.contains("--bytes"), () -> words + " needs streams of its own");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        Output output = new Output(new PrintWriter(out, false, StandardCharsets.UTF_8), new PrintWriter(err));
        int exitStatus = Main.of(args).run(output);
        return new CommandRun(ProcessHandle.current().pid(), exitStatus, out.toByteArray(), err.toString());
    }

    /** Runs a shell script in which {@code "$@"} stands for {@code standpipe} with its arguments. */
    static CommandRun shell(String script, Object... arguments) throws IOException, InterruptedException {
        return through(List.of("sh", "-c", script, "sh"), arguments);
    }

    /** Runs a command with the command line of {@code standpipe} appended. */
    static CommandRun through(List<String> prefix, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(java(System.getProperty("java.class.path"), Main.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return program(command);
    }

    /** Runs any program, with the same standard streams as {@code standpipe} in the other methods. */
    static CommandRun program(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("standpipe-out", "");
        Path err = Files.createTempFile("standpipe-err", "");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            String said = Files.readString(err);
            assertTrue(ended, () -> command + " has not ended; it said: " + said);
            return new CommandRun(process.pid(), process.exitValue(), Files.readAllBytes(out), said);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    static List<String> java(String classPath, String mainClass) {
        List<String> command = TestJvm.java();
        command.addAll(List.of("-cp", classPath, mainClass));
        return command;
    }

    List<String> outLines() {
        return out.lines().collect(Collectors.toList());
    }

    /** Asserts exit status 0 and no output on standard error. */
    CommandRun succeeded() {
        assertEquals("", err);
        assertEquals(0, exitStatus);
        return this;
    }

    /** Asserts an exit status, and one line on standard error that contains all parts. */
    CommandRun failed(int expectedStatus, String... parts) {
        assertEquals(expectedStatus, exitStatus, () -> "said: " + err);
        assertEquals(1, err.lines().count(), () -> "one line is expected: " + err);
        assertTrue(err.startsWith("standpipe: "), err);
        for (String part : parts) {
            assertTrue(err.contains(part), () -> "\"" + part + "\" is expected in: " + err);
        }
        return this;
    }
}
