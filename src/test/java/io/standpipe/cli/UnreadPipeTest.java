// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.StartedCommands;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Images of processes whose output went to somebody who is not in the image, and what commands get in its place. */
@ExtendWith(DescriptorLeakCheck.class)
class UnreadPipeTest {

    @TempDir
    Path directory;

    @Test
    void standardOutputThatNobodyReadsIsReportedWithRemedy() throws Exception {
        Path image = saveTalker();
        CommandRun run = CommandRun.of("restore", image, "--", "echo", "more");
        assertEquals(128 + 13, run.exitStatus, run.err);
        List<String> lines = run.err.lines().toList();
        assertEquals(2, lines.size(), run.err);
        assertEquals(
                "standpipe: pipe 4: nobody is left to read it, so that writing to descriptors 1 sends SIGPIPE; to have the"
                        + " caller's there: --leave-out 1; the 6 bytes in flight stay in"
                        + " the image: standpipe extract --pipe 4",
                lines.get(0));
        assertEquals("unread", CommandRun.of("extract", image, "--pipe", 4).succeeded().out);
    }

    @Test
    void leftOutDescriptorIsTheCallers() throws Exception {
        CommandRun run = CommandRun.of("restore", saveTalker(), "--leave-out", "1,2", "--", "head", "-c", "3").succeeded();
        assertEquals("abc", run.out);
    }

    @Test
    void callersDescriptorTakesThePlaceOfASavedOne() throws Exception {
        Path log = directory.resolve("log");
        CommandRun run = CommandRun.shell(
                "exec \"$@\" 7>" + log, "restore", saveTalker(), "--leave-out", "2", "--inherit", "7=1", "--",
                "sh", "-c", "echo logged; test -e /proc/self/fd/7 || echo no 7").succeeded();
        assertEquals("", run.out);
        assertEquals("logged\nno 7\n", Files.readString(log));
    }

    @Test
    void wrongNamesOfDescriptorsRunNoCommand() throws Exception {
        Path image = saveTalker();
        for (String[] wrong : new String[][] {
            {"--leave-out", "9", "has no descriptor 9 in it, only [0, 1, 2]"},
            {"--leave-out", "1:1", "no process had pid 1"},
            {"--leave-out", "one", "--leave-out: 'one' is not N or PID:N"},
            {"--inherit", "7=1", "--inherit: descriptor 7 is not open"},
            {"--inherit", "7", "--inherit: '7' is not FD=N or FD=PID:N"}
        }) {
            CommandRun.of("restore", image, wrong[0], wrong[1], "--", "touch", directory.resolve("ran")).failed(2, wrong[2]);
        }
        assertTrue(Files.notExists(directory.resolve("ran")));
    }

    @Test
    void writerThatHadNoReaderBeforeIsRestoredSilently() throws Exception {
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "-", "5", "unread");
        CommandRun.of("restore", image, "--", "true").succeeded();
    }

    /** As in a job without a terminal, where standard output and error of all are one pipe to whoever keeps the log. */
    @Test
    void pipelineWhoseLogReaderIsGoneIsRestoredAsTheMessageSays() throws Exception {
        Path image = directory.resolve("pipeline.ckpt");
        int writer;
        int reader;
        try (TestProcess shell = TestProcess.shell("{ seq 3; exec tail -f /dev/null; } | sleep 1000; :")) {
            writer = shell.awaitDescendant("tail");
            reader = shell.awaitDescendant("sleep");
            TestProcess.awaitQueued(reader, 0, "1\n2\n3\n".length());
            Checkpoint.ofProcesses(writer, reader).writeTo(image);
        }
        List<Object> arguments = new ArrayList<>(
                List.of("restore", image, "--run", writer + "=echo 4", "--run", reader + "=tail -n 2"));
        CommandRun first = CommandRun.of(arguments.toArray());
        assertEquals(128 + 13, first.exitStatus, first.err);
        first.err.lines().filter(line -> line.contains("--leave-out ")).forEach(line -> arguments.addAll(
                List.of("--leave-out", line.replaceFirst(".*--leave-out (\\S+).*", "$1"))));
        CommandRun second = CommandRun.of(arguments.toArray());
        assertEquals(0, second.exitStatus, second.err);
        assertEquals("3\n4\n", second.out);
    }

    @Test
    void libraryLeavesOutAndReplaces() throws Exception {
        Path image = directory.resolve("app.ckpt");
        int pid;
        try (TestProcess talker = talker()) {
            pid = talker.pid();
            Checkpoint.ofProcess(pid).writeTo(image);
        }
        Restore restore = Restore.from(image).leavingOut(1).leavingOut(pid, 2);
        try (RestoredPipes pipes = restore.open()) {
            assertEquals(Set.of(0), pipes.numbers());
        }
        try (TestPipe output = TestPipe.open()) {
            Restore replacing = Restore.from(image).leavingOut(pid, 2).replacing(pid, 1, output.writeFd());
            StartedCommands started = replacing.start(Map.of((long) pid, List.of("head", "-c", "3")));
            assertEquals(OptionalInt.of(0), started.commands().get(0).waitFor().status());
            assertEquals(List.of(), started.deviations());
            output.closeWriteEnd();
            assertEquals("abc", output.readText());
        }
    }

    /** A process with {@code abc} in its standard input, and {@code unread} in its standard output. */
    private static TestProcess talker() throws Exception {
        TestProcess talker = TestProcess.shell("printf unread; exec sleep 1000").awaitBecome("sleep");
        talker.feed(new byte[] {'a', 'b', 'c'});
        return talker;
    }

    private Path saveTalker() throws Exception {
        Path image = directory.resolve("app.ckpt");
        try (TestProcess talker = talker()) {
            Checkpoint.ofProcess(talker.pid()).writeTo(image);
        }
        return image;
    }
}
