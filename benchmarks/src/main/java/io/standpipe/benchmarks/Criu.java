// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * CRIU as it is installed here, or as the environment's CRIU names it. It saves and restores whole processes. Its options are those
 * that version 4.2 documents; "--display-stats" has it tell how long the process stood still.
 */
final class Criu {

    static final String NAME = "criu";

    private static final Pattern VERSION = Pattern.compile("Version: (\\S+)");
    private static final Pattern FROZEN = Pattern.compile("Frozen time: (\\d+) us");
    private static final Pattern ERROR = Pattern.compile("Error \\([^)]*\\): (.*)");
    private static final long NANOS_OF_A_MICRO = 1000;

    private final String program;
    private final String version;

    private Criu(String program, String version) {
        this.program = program;
        this.version = version;
    }

    /** @throws IOException with a reason if there is none, or if it does not work here */
    static Criu find() throws IOException {
        String program = System.getenv().getOrDefault("CRIU", NAME);
        String said;
        try {
            said = outputOf(List.of(program, "--version"));
        } catch (IOException e) {
            throw new IOException("criu is not installed", e);
        }
        Matcher matcher = VERSION.matcher(said);
        Criu criu = new Criu(program, matcher.find() ? matcher.group(1) : "of no known version");
        try {
            outputOf(List.of(program, "check"));
        } catch (IOException e) {
            throw new IOException("criu " + criu.version + " does not work here, as \"criu check\" tells", e);
        }
        return criu;
    }

    String version() {
        return version;
    }

    /** A process that runs on afterwards. */
    List<String> dump(long pid, Path images) {
        return command("dump", images, List.of("--tree", Long.toString(pid), "--leave-running", "--display-stats"));
    }

    /** Returns when the process is there, and ends itself. */
    List<String> restore(Path images) {
        return command("restore", images, List.of("--restore-detached"));
    }

    private List<String> command(String what, Path images, List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                program, what, "--images-dir", images.toString(), "--log-file", log(what)));
        command.addAll(options);
        return command;
    }

    private static String log(String what) {
        return what + ".log";
    }

    /** Dumps a process, which runs on. */
    void dumpNow(long pid, Path images) throws IOException {
        told(dump(pid, images), "dump", images);
    }

    /** Restores it; it is nobody's child here. */
    void restoreNow(Path images) throws IOException {
        told(restore(images), "restore", images);
    }

    private static String told(List<String> command, String what, Path images) throws IOException {
        try {
            return outputOf(command);
        } catch (IOException e) {
            throw new IOException("criu could not " + what + " it: " + firstError(images, what), e);
        }
    }

    /** For how many nanoseconds the process stood still, as CRIU says; it counts in microseconds. */
    long frozenNanos(long pid, Path images) throws IOException {
        String said = told(dump(pid, images), "dump", images);
        Matcher matcher = FROZEN.matcher(said);
        if (!matcher.find()) {
            throw new IOException("criu said " + said + ", expected how long the process stood still");
        }
        return Long.parseLong(matcher.group(1)) * NANOS_OF_A_MICRO;
    }

    private static String firstError(Path images, String what) throws IOException {
        try (Stream<String> lines = Files.lines(images.resolve(log(what)))) {
            return lines.map(ERROR::matcher)
                    .filter(Matcher::find)
                    .map(matcher -> matcher.group(1))
                    // An error that is none: every run says so where the limit may not be raised.
                    .filter(error -> !error.startsWith("rlimit: "))
                    .findFirst()
                    .orElse("no error told");
        }
    }

    private static String outputOf(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Floor.await(process);
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": exit status " + process.exitValue());
        }
        return output;
    }
}
