// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
