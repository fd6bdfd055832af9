// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.Thorough;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class RestoredFdsTest {

    private static final Pattern DESCRIPTOR = Pattern.compile(" (\\d+) -> (.*)$");

    @TempDir
    Path directory;

    @Test
    void fdsInReverseOrderAreRestoredAsSaved() throws Exception {
        Path image = save("6", "-", "six", "5", "-", "five", "4", "-", "four", "3", "-", "three");
        CommandRun run = restore(image, "sh", "-c", "cat <&3; cat <&4; cat <&5; cat <&6");
        assertEquals("threefourfivesix", run.out);
    }

    @Test
    void pipeWithWriteEndBelowReadEndWorksAfterRestore() throws Exception {
        Path image = save("7", "3", "old ");
        CommandRun run = restore(image, "sh", "-c", "echo new >&3; exec 3>&-; cat <&7");
        assertEquals("old new\n", run.out);
    }

    @Test
    void fdsThatTheJvmItselfUsesAreRestored() throws Exception {
        List<String> pipes = new ArrayList<>();
        StringBuilder expected = new StringBuilder();
        for (int number = 3; number <= 12; number++) {
            pipes.addAll(List.of(Integer.toString(number), "-", "at " + number + "\n"));
            expected.append("at ").append(number).append('\n');
        }
        Path image = save(pipes.toArray(new String[0]));
        CommandRun run = restore(
                image, "sh", "-c", "for n in 3 4 5 6 7 8 9 10 11 12; do cat /proc/self/fd/$n; done");
        assertEquals(expected.toString(), run.out);
    }

    @Test
    void fdsWithGapsAreRestoredAndNoOthersAppear() throws Exception {
        Path image = save("200", "-", "far", "17", "-", "near");
        assertEquals(
                "nearfar", restore(image, "sh", "-c", "cat /proc/self/fd/17; cat /proc/self/fd/200").out);
        assertEquals(Set.of(0, 1, 2, 17, 200), fds(restore(image, "ls", "-l", "/proc/self/fd")));
    }

    @Test
    void commandHasRestoredAndInheritedFdsAndNoneOfTheJvm() throws Exception {
        Path image = save("5", "-", "five");
        CommandRun run = CommandRun.shell(
                "exec \"$@\" 9</etc/passwd", "restore", image, "--", "ls", "-l", "/proc/self/fd").succeeded();
        assertEquals(Set.of(0, 1, 2, 5, 9), fds(run));
        assertTrue(run.out.contains("9 -> /etc/passwd"), run.out);
    }

    @Test
    void commandHasNoFdThatAThreadOfTheJvmHasOpen() throws Exception {
        Path image = save("3", "4", "x");
        List<String> command = CommandRun.java(System.getProperty("java.class.path"), RestoreInBusyJvm.class.getName());
        command.addAll(List.of("restore", image.toString(), "--", "ls", "-l", "/proc/self/fd"));
        assertEquals(Set.of(0, 1, 2, 3, 4), fds(CommandRun.program(command).succeeded()));
    }

    @Test
    void startedCommandHasNoFdOfTheJvmInPlaceOfAStandardStreamThatTheCallerClosed() throws Exception {
        try (PipeHolder holder = PipeHolder.of("5", "-", "five")) {
            Path image = directory.resolve("app.ckpt");
            Checkpoint.ofProcess(holder.pid()).writeTo(image);
            CommandRun run = CommandRun.shell(
                    "exec \"$@\" <&-", "restore", image, "--run", holder.pid() + "=exec ls -l /proc/self/fd");
            assertFalse(fds(run).contains(0), run.out);
        }
    }

    /**
     * The JVM's threads open files at any moment, on a busy machine for as long as others are let run. The property
     * {@code standpipe.inherit.rounds} asks for more rounds of 24 runs.
     */
    @Test
    void commandHasNoFdOfTheJvmWhileTheMachineIsBusy() throws Exception {
        Path image = save("3", "4", "x");
        String busy = "n=$(nproc); while [ $n -gt 0 ]; do (while :; do :; done) & loops=\"$loops $!\"; n=$((n-1)); done; ";
        String runs = "for k in 1 2 3 4 5 6; do (for i in 1 2 3 4; do \"$@\" || echo $?; done) & runs=\"$runs $!\"; done; ";
        for (int round = Integer.getInteger("standpipe.inherit.rounds", Thorough.rounds(1, 2)); round > 0; round--) {
            CommandRun run = CommandRun.shell(
                    busy + runs + "wait $runs; kill $loops", "restore", image, "--", "sh", "-c", "cd /proc/$$/fd; echo *");
            // The shell lists the directory from the first fd that is free, 5.
            assertEquals(Collections.nCopies(24, "0 1 2 3 4 5"), run.outLines(), run.err);
        }
    }

    @Test
    void restoredFdReplacesAnInheritedFd() throws Exception {
        Path image = save("9", "-", "nine");
        CommandRun run = CommandRun.shell("exec \"$@\" 9</etc/passwd", "restore", image, "--", "sh", "-c", "cat <&9")
                .succeeded();
        assertEquals("nine", run.out);
    }

    @Test
    void standardInputIsRestored() throws Exception {
        Path image = save("0", "-", "standard input");
        assertEquals("standard input", restore(image, "cat").out);
    }

    @Test
    void standardOutputIsRestored() throws Exception {
        Path image = save("0", "1", "before ");
        Path result = directory.resolve("result");
        CommandRun run = restore(image, "sh", "-c", "echo after; exec >\"$0\"; cat", result.toString());
        assertEquals("", run.out);
        assertEquals("before after\n", Files.readString(result));
    }

    @Test
    void copyRestoresTheSameBytes() throws Exception {
        Path image = save("0", "-", "copied");
        assertEquals("copied", CommandRun.of("restore", "--copy", image, "--", "cat").succeeded().out);
    }

    private Path save(String... pipes) throws Exception {
        return PipeHolder.save(directory.resolve("app.ckpt"), pipes);
    }

    private static CommandRun restore(Path image, String... command) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("restore", image, "--"));
        arguments.addAll(List.of(command));
        return CommandRun.of(arguments.toArray()).succeeded();
    }

    /** Returns the fds that ls lists, without the fd that ls lists them from. */
    private static Set<Integer> fds(CommandRun ls) {
        Set<Integer> fds = new TreeSet<>();
        for (String line : ls.outLines()) {
            Matcher descriptor = DESCRIPTOR.matcher(line);
            if (descriptor.find() && !descriptor.group(2).endsWith("/fd")) {
                fds.add(Integer.valueOf(descriptor.group(1)));
            }
        }
        return fds;
    }
}
