// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --quiet}, {@code --verbose} and {@code --color}. */
class CommonOptionsTest {

    private static final String RED = "\033[31m";

    @TempDir
    Path directory;

    @Test
    void quietCheckpointSaysNothing() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            CommandRun.here("checkpoint", "--quiet", "--pid", holder.pid(), "-o", directory.resolve("app.ckpt")).succeeded();
            CommandRun.here("-q", "list", "--pid", holder.pid()).succeeded();
        }
    }

    @Test
    void quietRestoreSaysWhatCouldNotBeKept() throws Exception {
        Path image = directory.resolve("app.ckpt");
        PipeHolder.save(image, "-", "1", "");
        CommandRun run = CommandRun.of("restore", "-q", image, "--", "true");
        assertTrue(run.err.contains("nobody is left to read it"), run.err);
        CommandRun.of("restore", "-q", directory.resolve("absent"), "--", "true").failed(125, "there is no such file");
    }

    @Test
    void quietRestoreOfSeveralSaysNothing() throws Exception {
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
        String saved = CommandRun.here("show", "--json", image).out.replaceAll("(?s).*\"pid\": (\\d+).*", "$1");
        CommandRun.of("restore", "-q", image, "--run", saved + "=true").succeeded();
        assertTrue(CommandRun.of("restore", image, "--run", saved + "=true").err.contains("is now process"));
    }

    @Test
    void verboseCheckpointAndRestoreSayWhatTheyDecide() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        Path image = directory.resolve("app.ckpt");
        try (PipeHolder holder = PipeHolder.of("4", "5", "payload")) {
            String said = CommandRun.here("checkpoint", "-v", "--pid", holder.pid(), "--fd", 4, "-o", image).err;
            for (String part : List.of("descriptor 4: the read end of pipe", "frozen by ptrace, the default", "captured by copying the bytes",
                    "the write end is held by process " + holder.pid() + ", descriptor 5 too", "temporary file", "saved 1 pipe")) {
                assertTrue(said.contains(part), () -> part + " in " + said);
            }
            assertTrue(said.lines().allMatch(line -> line.startsWith("standpipe: ")), said);
        }
        String said = CommandRun.of("restore", "-v", image, "--", "true").err;
        assertTrue(said.contains("a new pipe of 65536 bytes, filled with 7 bytes"), said);
        assertTrue(said.contains("descriptor 4: the read end of pipe"), said);
    }

    @Test
    void verboseFailureNamesTheCall() {
        Path absent = directory.resolve("absent");
        CommandRun.here("show", absent).failed(1, "image " + absent + ": there is no such file");
        CommandRun run = CommandRun.here("show", "-v", absent);
        assertEquals(
                "standpipe: image " + absent + ": there is no such file\nstandpipe: the call that failed: openat(\"" + absent + "\", ",
                run.err.replaceAll("flags=.*\\s*$", ""));
    }

    @Test
    void stuckPipeIsRedWhereColorsAreWanted() throws Exception {
        try (TestProcess pipeline = TestProcess.shellWithoutPipes("seq 1 1000000 | sleep 1000")) {
            int reader = pipeline.awaitDescendant("sleep");
            TestProcess.awaitQueued(reader, 0, 65_536);
            assertTrue(CommandRun.here("list", "--color=always", "--pid", reader).out.startsWith(RED + "pipe "));
            assertFalse(CommandRun.here("list", "--pid", reader).out.contains("\033"));
            assertFalse(CommandRun.here("list", "--color", "never", "--pid", reader).out.contains("\033"));
            assertFalse(CommandRun.here("list", "--color", "always", "--json", "--pid", reader).out.contains("\033"));
        }
    }

    @Test
    void errorIsRedOnATerminalUnlessTheEnvironmentSaysOtherwise() throws Exception {
        Host.assumeTool("script");
        String command = String.join(" ", CommandRun.java(System.getProperty("java.class.path"), Main.class.getName())) + " show absent";
        assertTrue(onTerminal("TERM=xterm " + command).contains(RED + "standpipe:"));
        assertFalse(onTerminal("TERM=xterm NO_COLOR=1 " + command).contains("\033[3"));
        assertFalse(onTerminal("TERM=dumb " + command).contains("\033[3"));
        assertFalse(onTerminal("TERM=xterm " + command + " --color=never").contains("\033[3"));
    }

    private static String onTerminal(String command) throws Exception {
        return CommandRun.program(List.of("script", "-qec", command, "/dev/null")).out;
    }
}
