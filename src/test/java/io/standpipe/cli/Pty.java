// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Runs commands on a pseudo terminal, which script (util-linux) makes. */
final class Pty {

    private static final Path SCRIPT = Path.of("/usr/bin/script");

    private Pty() {}

    /** Skips the test if script is not installed. */
    static void need() {
        Host.assumeTool("script");
    }

    /** Returns the command line of {@code standpipe}, quoted for a shell. */
    static String standpipe() {
        return CommandRun.java(System.getProperty("java.class.path"), Main.class.getName()).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
    }

    /**
     * Runs a shell script on a terminal, and waits until its output is in the file {@code shown}. The script can call
     * {@code standpipe}.
     *
     * @param directory the script's current directory
     * @return what the terminal showed
     */
    static String run(Path directory, String script) throws Exception {
        Path file = Files.writeString(
                directory.resolve("script"),
                "TERM=xterm; stty cols 60; standpipe() { " + standpipe() + " \"$@\"; }; cd " + directory + "; " + script
                        + "; printf 'the %s' end; until grep -q 'the end' shown; do :; done\n");
        return take(directory, "sh " + file, Path.of("/dev/null"));
    }

    /** Runs a command on a terminal with keys typed from a file; returns what the terminal showed. */
    static String take(Path directory, String command, Path typed) throws Exception {
        Path shown = directory.resolve("shown");
        CommandRun run = CommandRun.program(
                List.of("sh", "-c", "exec " + SCRIPT + " -qefc \"$1\" \"$2\" <\"$3\"", "sh", command, shown.toString(),
                        typed.toString()));
        assertEquals(0, run.exitStatus, run.out);
        return Files.readString(shown);
    }
}
