// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands swap and hold on pipelines that run. */
class SwapCommandTest {

    @TempDir
    Path directory;

    private TestProcess pipeline;
    private int grep;
    private final List<Long> started = new ArrayList<>();

    @BeforeEach
    void startPipeline() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        pipeline = TestProcess.shell("cat | grep --line-buffered . | cat; exec sleep 1000");
        grep = pipeline.awaitDescendant("grep");
        say("1").awaitOutput("1");
    }

    @AfterEach
    void endPipeline() throws Exception {
        pipeline.close();
        started.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private TestProcess say(String line) throws IOException {
        return pipeline.feed((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void swapBecomesTheCommandInTheForeground() throws Exception {
        CommandRun run = CommandRun.shell("echo $$ > " + directory.resolve("pid") + "; exec \"$@\"", "swap", "--pid", grep, "--foreground",
                "--", "sh", "-c", "echo $$; exit 5");
        assertEquals(5, run.exitStatus, run.err);
        // The command's standard output is the pipe to cat, as grep's was.
        pipeline.awaitOutput(Files.readString(directory.resolve("pid")).trim());
        assertEquals("", run.out);
    }

    @Test
    void detachedCommandLeadsASessionOfItsOwn() throws Exception {
        CommandRun run = CommandRun.of("swap", "--pid", grep, "--", "sed", "-u", "s/^/new /");
        assertEquals(0, run.exitStatus, run.err);
        int pid = Integer.parseInt(run.out.trim());
        started.add((long) pid);
        assertEquals(pid, ProcessStatus.of(pid).session());
        assertTrue(run.err.contains("process " + grep + " (grep) waited for input when it got signal 15"), run.err);
        assertTrue(run.err.contains("process " + grep + " is now process " + pid), run.err);
        say("2").awaitOutput("new 2");
    }

    @Test
    void detachedCommandKeepsNoPipeOfTheCaller() throws Exception {
        List<String> command = CommandRun.java(System.getProperty("java.class.path"), Main.class.getName());
        command.addAll(List.of("swap", "--pid", Integer.toString(grep), "--fd", "0", "--detach", "--", "sleep", "1000"));
        Process caller = new ProcessBuilder(command).redirectErrorStream(true).start();
        // The output is at its end though the command runs.
        String output = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(caller.waitFor(60, TimeUnit.SECONDS));
        String pid = output.lines().filter(line -> line.matches("\\d+")).findFirst().orElseThrow(() -> new AssertionError(output));
        started.add(Long.valueOf(pid));
        assertEquals("/dev/null", Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/1")).toString());
        assertTrue(ProcessHandle.of(Long.parseLong(pid)).isPresent());
    }

    @Test
    void detachedCommandHasTheFileThatTheOldOneWroteTo() throws Exception {
        Path out = directory.resolve("out");
        try (TestProcess logger = TestProcess.shell("cat | sh -c 'echo ready; while read l; do echo old $l; done' > " + out)) {
            Await.until("it is ready", () -> Files.readString(out).equals("ready\n"));
            int sh = logger.awaitDescendant("sh");
            List<String> command = CommandRun.java(System.getProperty("java.class.path"), Main.class.getName());
            command.addAll(List.of("swap", "--pid", Integer.toString(sh), "--detach", "--", "sed", "-u", "s/^/new /"));
            Process caller = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, caller.waitFor(), output);
            logger.feed("2\n".getBytes(StandardCharsets.US_ASCII));
            Await.until("the new one has written", () -> Files.readString(out).equals("ready\nnew 2\n"));
        }
    }

    @Test
    void severalAreReplacedAndWaitedFor() throws Exception {
        CommandRun run = CommandRun.of("swap", "--foreground", "--pid", grep + "=echo new; exit 7");
        assertEquals(7, run.exitStatus, run.err);
        pipeline.awaitOutput("new");
    }

    @Test
    void endsAreHeldIfSwapIsKilled() throws Exception {
        try (TestProcess stubborn = TestProcess.shell("cat | sh -c \"trap 'echo asked' TERM; echo ready; while :; do read l; done\" | cat")
                .awaitOutput("ready")) {
            int old = stubborn.awaitDescendant("sh");
            List<String> command = CommandRun.java(System.getProperty("java.class.path"), Main.class.getName());
            command.addAll(List.of("swap", "--pid", Integer.toString(old), "--fd", "0,1", "--await-input", "0", "--", "cat"));
            Process swap = new ProcessBuilder(command).redirectErrorStream(true).start();
            stubborn.awaitOutput("asked");
            ProcessHandle holder = holder(old).orElseThrow();
            started.add(holder.pid());
            swap.destroyForcibly().waitFor();
            ProcessHandle.of(old).ifPresent(ProcessHandle::destroyForcibly);
            Await.until("the old process is gone", () -> !ProcessHandle.of(old).isPresent());
            stubborn.feed("kept\n".getBytes(StandardCharsets.US_ASCII));

            CommandRun run = CommandRun.of("swap", "--pid", holder.pid(), "--detach", "--", "sed", "-u", "s/^/new /");
            assertEquals(0, run.exitStatus, run.err);
            started.add(Long.valueOf(run.out.trim()));
            stubborn.awaitOutput("new kept");
        }
    }

    private static Optional<ProcessHandle> holder(int pid) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().stream().flatMap(Stream::of)
                        .anyMatch(argument -> argument.startsWith("ends of process " + pid + " ")))
                .findFirst();
    }

    @Test
    void heldEndsAreTakenOverByACommand() throws Exception {
        CommandRun hold = CommandRun.of("hold", "--pid", grep, "--for", "1m");
        assertEquals(0, hold.exitStatus, hold.err);
        int holder = Integer.parseInt(hold.out.trim());
        started.add((long) holder);
        assertTrue(hold.err.contains("holds descriptors 0, 1, 2 of process " + grep), hold.err);
        ProcessHandle.of(grep).orElseThrow().destroyForcibly();
        // Until then it may still take what comes.
        Await.until("grep has ended", () -> ProcessHandle.of(grep).isEmpty() || TestProcess.state(grep) == 'Z');
        say("2");
        TestProcess.awaitQueued(holder, 0, 2);
        assertEquals("2\n", CommandRun.of("peek", "--pid", holder, "--fd", "0").succeeded().out);
        CommandRun swap = CommandRun.of("swap", "--pid", holder, "--", "sed", "-u", "s/^/new /");
        assertEquals(0, swap.exitStatus, swap.err);
        started.add(Long.valueOf(swap.out.trim()));
        pipeline.awaitOutput("new 2");
        Await.until("the holder is gone", () -> ProcessHandle.of(holder).isEmpty());
    }

    @Test
    void holderKeepsNoStreamOfTheCaller() throws Exception {
        List<String> command = CommandRun.java(System.getProperty("java.class.path"), Main.class.getName());
        command.addAll(List.of("hold", "--pid", Integer.toString(grep), "--fd", "0", "--for", "1m"));
        Process caller = new ProcessBuilder(command).redirectErrorStream(true).start();
        // The output is at its end though the holder goes on.
        String output = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        ProcessHandle holder = holder(grep).orElseThrow(() -> new AssertionError(output));
        started.add(holder.pid());
        Await.until("it has nothing but the end", () -> fds(holder.pid()).equals(List.of("0")));
    }

    private static List<String> fds(long pid) throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return fds.map(fd -> fd.getFileName().toString()).toList();
        }
    }

    @Test
    void descriptorsThatAreNotTheProcessesAreRefusedBeforeItIsAsked() throws Exception {
        int other = pipeline.awaitDescendant("cat");
        String among = "process " + other + ": descriptors are named, but it is not among the processes that are replaced: " + grep;
        CommandRun.of("swap", "--pid", grep, "--fd", other + ":0", "--detach", "--", "cat").failed(2, among);
        CommandRun.of("swap", "--pid", grep, "--leave-out", other + ":0", "--detach", "--", "cat").failed(2, among);
        CommandRun.of("swap", "--pid", grep, "--leave-out", 77, "--detach", "--", "cat")
                .failed(125, "descriptor 77 of process " + grep + " was to be left out, and is not open");
        CommandRun.of("swap", "--pid", grep + "=cat", "--leave-out", grep + ":77", "--also-files", "--detach").failed(125, "is not open");
        say("2").awaitOutput("2");
        assertNotEquals('Z', TestProcess.state(grep));
    }

    @Test
    void fileThatWouldNotBeHandedOverCannotBeLeftOut() throws Exception {
        try (TestProcess logger = TestProcess.shell("exec 5</dev/null; echo ready; read l").awaitOutput("ready")) {
            CommandRun.of("swap", "--pid", logger.pid(), "--leave-out", 5, "--detach", "--", "cat").failed(
                    125, "descriptor 5 of process " + logger.pid() + " was to be left out, and is not a pipe, but ", "/dev/null");
            CommandRun run = CommandRun.of(
                    "swap", "--pid", logger.pid(), "--leave-out", 5, "--also-files", "--detach", "--", "sleep", "1000");
            assertEquals(0, run.exitStatus, run.err);
            started.add(Long.valueOf(run.out.trim()));
            assertTrue(Files.notExists(Path.of("/proc/" + run.out.trim() + "/fd/5")));
        }
    }

    @Test
    void nothingIsHeldIfNobodyWouldKnowTheHolder() throws Exception {
        CommandRun.shell("exec \"$@\" >&-", "hold", "--pid", grep).failed(1, "standard output cannot be written: it is ");
        toNobody("hold", "--quiet", "--pid", grep);
        assertEquals(Optional.empty(), holder(grep));
        CommandRun.shell("exec \"$@\" >/dev/full", "hold", "--pid", grep).failed(1, "standard output cannot be written: no space is left");
        Await.until("the holder is gone", () -> holder(grep).isEmpty());
    }

    @Test
    void nothingIsReplacedIfNobodyWouldKnowTheCommand() throws Exception {
        CommandRun.shell("exec \"$@\" >&-", "swap", "--pid", grep, "--detach", "--", "cat").failed(125, "standard output cannot be written: it is ");
        toNobody("swap", "--quiet", "--pid", grep, "--detach", "--", "cat");
        say("2").awaitOutput("2");
        CommandRun run = CommandRun.shell("exec \"$@\" >/dev/full", "swap", "--quiet", "--pid", grep, "--detach", "--", "sed", "-u", "s/^/new /");
        assertEquals(1, run.exitStatus, run.err);
        say("3").awaitOutput("new 3");
        Matcher said = Pattern.compile("process " + grep + " is now process (\\d+)\n").matcher(run.err);
        assertTrue(said.find(), run.err);
        started.add(Long.valueOf(said.group(1)));
    }

    private void toNobody(Object... arguments) throws Exception {
        String script = "cd '" + directory + "'; rm -f gone; mkfifo gone; sh -c 'exec <gone' & exec 3>gone; wait $!; exec \"$@\" >&3";
        CommandRun.shell(script, arguments).failed(141, "the reader of standard output has gone away");
    }

    @Test
    void shortestTimeOfAHolderIsASecond() throws Exception {
        CommandRun hold = CommandRun.of("hold", "--pid", grep, "--for", "500ms");
        assertEquals(0, hold.exitStatus, hold.err);
        assertTrue(hold.err.contains(" for 1 s;"), hold.err);
        CommandRun.of("hold", "--pid", grep, "--for", "0").failed(2, "--for: expected more than 0");
    }

    @Test
    void whatGoesWrongIsOneLineAndTheRightStatus() throws Exception {
        CommandRun.of("swap", "--pid", grep, "--", "absent-command").failed(127, "absent-command", "not found");
        CommandRun.of("swap", "--pid", grep, "--", "/etc/passwd").failed(126, "/etc/passwd", "not executable");
        CommandRun.of("swap", "--pid", grep + "=absent-command -x", "--detach").failed(127, "absent-command", "not found");
        CommandRun.of("swap", "--pid", grep + "= ", "--detach").failed(127, "no word in it");
        CommandRun.of("swap", "--pid", 2, "--", "cat").failed(125, "a kernel thread");
        CommandRun.of("swap", "--pid", Integer.MAX_VALUE, "--", "cat").failed(125, "no such process");
        CommandRun.of("swap", "--pid", grep).failed(2, "one COMMAND goes behind --");
        CommandRun.of("swap", "--pid", grep, "--signal", "NONE", "--", "cat").failed(2, "NONE", "is no signal", "TERM");
        CommandRun.of("swap", "--pid", grep, "--grace", "soon", "--", "cat").failed(2, "soon", "is no time");
        CommandRun.of("hold", "--pid", grep, "--fd", "77").failed(1, "descriptor 77 of process " + grep + ": it is not open");
        say("2").awaitOutput("2");
        assertNotEquals('Z', TestProcess.state(grep));
    }
}
