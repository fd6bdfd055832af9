// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A terminal, as script (util-linux) makes one. */
final class Pty {

    private static final Path SCRIPT = Path.of("/usr/bin/script");

    private Pty() {}

    /** Skips the test where there is no terminal to be had. */
    static void need() {
        assumeTrue(Files.isExecutable(SCRIPT), "no " + SCRIPT + " (util-linux) makes a terminal");
    }

    /** The command line of {@code standpipe}, for a shell. */
    static String standpipe() {
        return CommandRun.java(System.getProperty("java.class.path"), Main.class.getName()).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
    }

    /**
     * Runs a shell script on a terminal, in a folder, until all that it shows has been taken down there; in it
     * {@code standpipe} is the command. Returns what it showed.
     */
    static String run(Path folder, String script) throws Exception {
        Path file = Files.writeString(
                folder.resolve("script"),
                "TERM=xterm; stty cols 60; standpipe() { " + standpipe() + " \"$@\"; }; cd " + folder + "; " + script
                        + "; printf 'the %s' end; until grep -q 'the end' shown; do :; done\n");
        return take(folder, "sh " + file, Path.of("/dev/null"));
    }

    /** Runs a command on a terminal at which somebody types; returns what it showed. */
    static String take(Path folder, String command, Path typed) throws Exception {
        Path shown = folder.resolve("shown");
        CommandRun run = CommandRun.program(
                List.of("sh", "-c", "exec " + SCRIPT + " -qefc \"$1\" \"$2\" <\"$3\"", "sh", command, shown.toString(),
                        typed.toString()));
        assertEquals(0, run.exitStatus, run.out);
        return Files.readString(shown);
    }
}
