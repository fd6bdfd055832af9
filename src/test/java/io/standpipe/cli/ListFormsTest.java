// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Alone;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The forms of {@code standpipe list}: columns, a graph, and the way from a process. */
@Alone("it has copies of all ends on the machine for a moment, which others would take for holders")
@ExtendWith(DescriptorLeakCheck.class)
class ListFormsTest {

    @TempDir
    Path directory;

    @BeforeEach
    void otherProcessesCanBeLookedAt() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    /** yes fills both pipes, since the last process is stopped. */
    private static TestProcess pipeline() throws Exception {
        TestProcess shell = TestProcess.shellWithoutPipes("yes | cat | { kill -STOP $(sh -c 'echo $PPID'); exec sleep 1000; }");
        int cat = shell.awaitDescendant("cat");
        Await.until("the pipeline is stuck", () -> {
            String out = CommandRun.here("list", "--columns", "stuck,state,does", "--pid", cat).out;
            return out.lines().filter(line -> line.startsWith("yes")).count() == 4 && out.contains("stopped");
        });
        return shell;
    }

    @Test
    void columnsAreAlignedUnderTheirNames() throws Exception {
        try (TestProcess shell = pipeline()) {
            int yes = shell.awaitDescendant("yes");
            List<String> lines = CommandRun.here("list", "--columns", "command,PID,fd,end,queued,state,does", "--pid", yes).outLines();
            assertEquals(3, lines.size(), lines.toString());
            int width = Math.max(3, Integer.toString(yes).length());
            assertEquals("COMMAND  " + " ".repeat(width - 3) + "PID  FD  END    QUEUED  STATE              DOES", lines.get(0));
            assertTrue(lines.contains("yes      " + " ".repeat(width - Integer.toString(yes).length()) + yes
                    + "   1  write   65536  full_and_not_read  waits_for_room"), lines.toString());
        }
    }

    @Test
    void unknownColumnIsRefusedWithTheNamesOfAll() {
        CommandRun.here("list", "--columns", "pid,colour").failed(2, "colour", "pipe, fifo, queued", "written");
    }

    @Test
    void formsExcludeEachOther() {
        CommandRun.here("list", "--json", "--dot").failed(2, "--json", "--dot");
        CommandRun.here("list", "--pid", 1, "--follow", 1).failed(2, "--follow and --pid exclude each other");
        CommandRun.here("list", "--blocked", "--follow", 1).failed(2, "--follow and --blocked exclude each other");
        CommandRun.here("list", "--watch", "--dot").failed(2, "--watch and --dot exclude each other");
        CommandRun.here("list", "--watch", "0").failed(2, "--watch: '0' is no time, expected 0.1 to 86400 seconds");
    }

    @Test
    void wayIsFollowedToTheProcessThatIsStopped() throws Exception {
        try (TestProcess shell = pipeline()) {
            int yes = shell.awaitDescendant("yes");
            int cat = shell.awaitDescendant("cat");
            List<String> lines = CommandRun.here("list", "--follow", yes).outLines();
            assertEquals("process " + yes + " (yes)", lines.get(0));
            assertEquals("  fd 1: waits for room in write", lines.get(1));
            assertTrue(lines.get(2).matches("  -> pipe \\d+  \\[#{20}] 65,536 of 65,536 bytes, full, and nobody takes from it"), lines.get(2));
            assertEquals("    process " + cat + " (cat)", lines.get(3));
            assertTrue(lines.get(5).startsWith("      -> pipe "), lines.get(5));
            String last = lines.get(lines.size() - 1);
            assertTrue(last.matches("stuck at pipe \\d+: full, and nobody takes from it: reader sh \\(process \\d+\\) is stopped"), last);
            String ofCat = CommandRun.here("list", "--follow", cat).out;
            assertTrue(ofCat.endsWith(last + "\n"), ofCat);
        }
    }

    @Test
    void processesThatWaitForEachOtherAreSaidTo() throws Exception {
        Path there = directory.resolve("there");
        Path back = directory.resolve("back");
        String script = "mkfifo '" + there + "' '" + back + "'; exec 3<>'" + there + "' 4<>'" + back + "';"
                + " { exec 5>'" + there + "' 6<'" + back + "' 3<&- 4<&-; yes >&5; } & exec 5>'" + back + "' 6<'" + there + "' 3<&- 4<&-; yes >&5";
        try (TestProcess shell = TestProcess.of(List.of("bash", "-c", script))) {
            Await.until("the first one is stuck at the second", () -> CommandRun.here("list", "--follow", shell.pid()).out
                    .contains("they wait for each other"));
        }
    }

    @Test
    void wayIsNotStuckWhereAllGoOn() throws Exception {
        try (TestProcess shell = TestProcess.shellWithoutPipes("sleep 1000 | cat")) {
            int cat = shell.awaitDescendant("cat");
            int sleep = shell.awaitDescendant("sleep");
            Await.until("cat waits", () -> CommandRun.here("list", "--follow", cat).out.contains("it waits for bytes itself, of pipe "));
            String out = CommandRun.here("list", "--follow", sleep).out;
            assertTrue(out.contains("    process " + cat + " (cat)\n"), out);
            assertTrue(out.endsWith("nothing is stuck on this way\n"), out);
        }
    }

    @Test
    void processThatWaitsInOpenIsStuckThere() throws Exception {
        Path fifo = directory.resolve("f");
        for (String opens : new String[] {"exec cat '" + fifo + "'", "exec 2>&-; exec tee '" + fifo + "'"}) {
            try (TestProcess process = TestProcess.shellWithoutPipes("mkfifo '" + fifo + "' 2>/dev/null; " + opens)) {
                Await.until("it waits in open", () -> CommandRun.here("list", "--follow", process.pid()).out
                        .contains("stuck at FIFO " + fifo + ", pipe "));
            }
        }
    }

    @Test
    void processWithoutPipesIsOnNoWay() throws Exception {
        try (TestProcess process = TestProcess.shellWithoutPipes("exec sleep 1000").awaitBecome("sleep")) {
            CommandRun run = CommandRun.here("list", "--follow", process.pid());
            assertEquals(0, run.exitStatus);
            assertTrue(run.err.contains("process " + process.pid() + " holds no pipe, nor a socket in which bytes wait\n"), run.err);
        }
        CommandRun.here("list", "--follow", 4_000_000).failed(1, "process 4000000: there is no such process");
    }

    @Test
    void graphHasAnArrowForEachEnd() throws Exception {
        try (TestProcess shell = pipeline()) {
            int cat = shell.awaitDescendant("cat");
            String graph = CommandRun.here("list", "--dot", "--pid", cat).out;
            assertTrue(graph.startsWith("digraph pipes {\n") && graph.endsWith("}\n"), graph);
            assertEquals(4, graph.lines().filter(line -> line.contains(" -> ")).count(), graph);
            assertTrue(graph.contains("  process_" + cat + " [label=\"cat\\nprocess " + cat + "\", style=rounded];\n"), graph);
            assertTrue(graph.matches("(?s).*\n  pipe_\\d+_\\d+ -> process_" + cat + " \\[label=\"  fd 0: waits elsewhere:[^\"]*\"[^\n]*\n.*"), graph);
            assertTrue(graph.matches("(?s).*\n  process_" + cat + " -> pipe_\\d+_\\d+ \\[label=\"  fd 1: waits for room\"[^\n]*\n.*"), graph);
            assertEquals(2, graph.lines().filter(line -> line.contains("nSTUCK: full, and nobody takes from it")).count(), graph);
            assertEquals(1, graph.lines().filter(line -> line.contains("nSTOPPED\"")).count(), graph);
        }
    }

    @Test
    void quotesAndBackslashesDoNotEndALabel() throws Exception {
        try (TestProcess process = TestProcess.of(List.of("bash", "-c", "exec -a 'a\"b\\' sleep 1000")).awaitBecome("sleep")) {
            String graph = CommandRun.here("list", "--dot", "--pid", process.pid()).out;
            assertTrue(graph.contains("[label=\"a\\\"b\\\\\\\\ 1000\\nprocess "), graph);
            if (ChildRun.works("dot", "-V")) {
                CommandRun drawn = CommandRun.shell("\"$@\" | dot -Tsvg > /dev/null", "list", "--dot");
                assertEquals("", drawn.err.lines().filter(line -> line.contains("syntax")).collect(Collectors.joining()));
            }
        }
    }

    @Test
    void holdersAreThoseThatLsfdFinds() throws Exception {
        Host.assumeTool("lsfd");
        try (TestProcess shell = pipeline()) {
            int cat = shell.awaitDescendant("cat");
            ChildRun lsfd = ChildRun.of(List.of("lsfd", "-n", "--raw", "-o", "INODE,PID,FD,MODE", "-Q", "TYPE == \"FIFO\""));
            List<String> lines = CommandRun.here("list", "--columns", "pipe,pid,fd,end", "--pid", cat).outLines();
            Set<String> listed = lines.stream().skip(1).map(line -> line.trim().replaceAll(" +", " ")).collect(Collectors.toCollection(TreeSet::new));
            Set<String> inodes = listed.stream().map(line -> line.split(" ")[0]).collect(Collectors.toSet());
            Set<String> found = lsfd.output().lines()
                    .map(line -> line.trim().split(" +"))
                    .filter(words -> inodes.contains(words[0]) && words.length == 4)
                    .map(words -> words[0] + " " + words[1] + " " + words[2] + " " + (words[3].startsWith("r") ? "read" : "write"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(2, inodes.size(), lines.toString());
            assertEquals(found, listed, lsfd::output);
            assertFalse(listed.isEmpty());
        }
    }
}
