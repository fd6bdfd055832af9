// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** CRIU, which saves and restores whole processes: the program in PATH, or the one that the environment's CRIU names. */
final class Criu {

    /** How its name as a contender begins. */
    static final String NAME = "CRIU ";

    private static final String PROGRAM = System.getenv().getOrDefault("CRIU", "criu");
    private static final List<String> CHECK = List.of(PROGRAM, "check");
    private static final Pattern VERSION = Pattern.compile("Version: (\\S+)");
    private static final Pattern FROZEN = Pattern.compile("Frozen time: (\\d+) us");
    private static final Pattern ERROR = Pattern.compile("Error \\([^)]*\\): (.*)");

    private final String version;

    private Criu(String version) {
        this.version = version;
    }

    /** @throws IOException if CRIU is not installed or does not work here */
    static Criu find() throws IOException {
        String printed;
        try {
            printed = Command.output(List.of(PROGRAM, "--version"));
        } catch (IOException e) {
            throw new IOException("CRIU is not installed", e);
        }
        Command.output(CHECK);
        Matcher matcher = VERSION.matcher(printed);
        return new Criu(matcher.find() ? matcher.group(1) : "of an unknown version");
    }

    String name() {
        return NAME + version;
    }

    /** Returns the command that looks whether the kernel has what CRIU needs. */
    List<String> check() {
        return CHECK;
    }

    /** Returns the command that dumps a process, which goes on running. */
    List<String> dump(long pid, Path images) {
        return command("dump", images, "--tree", Long.toString(pid), "--leave-running", "--display-stats");
    }

    /** Returns the command that restores a process and ends when it runs. */
    List<String> restore(Path images) {
        return command("restore", images, "--restore-detached");
    }

    private static List<String> command(String what, Path images, String... options) {
        List<String> command = new ArrayList<>(List.of(
                PROGRAM, what, "--images-dir", images.toString(), "--log-file", what + ".log"));
        command.addAll(List.of(options));
        return command;
    }

    /** Dumps a process and returns for how many nanoseconds it was frozen, as CRIU says. */
    long dumpNow(long pid, Path images) throws IOException {
        String printed = run(dump(pid, images), images);
        Matcher matcher = FROZEN.matcher(printed);
        if (!matcher.find()) {
            throw new IOException("CRIU printed " + printed + ", expected for how long the process was frozen");
        }
        return Long.parseLong(matcher.group(1)) * 1000;
    }

    void restoreNow(Path images) throws IOException {
        run(restore(images), images);
    }

    private static String run(List<String> command, Path images) throws IOException {
        String what = command.get(1);
        try {
            return Command.output(command);
        } catch (IOException e) {
            throw new IOException("CRIU could not " + what + " it: " + firstError(images.resolve(what + ".log")), e);
        }
    }

    private static String firstError(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(ERROR::matcher)
                    .filter(Matcher::find)
                    .map(matcher -> matcher.group(1))
                    .filter(error -> !error.startsWith("rlimit: ")) // in every log where the limit may not be raised
                    .findFirst()
                    .orElse("no error in its log");
        }
    }
}
