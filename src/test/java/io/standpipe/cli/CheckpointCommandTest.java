// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.freeze.TestCgroup;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code standpipe checkpoint} of running processes, to files and to streams. */
@ExtendWith(DescriptorLeakCheck.class)
class CheckpointCommandTest {

    private static final byte[] BYTES = RandomBytes.of(30_000);

    @TempDir
    Path directory;

    @BeforeEach
    void otherProcessesCanBeSaved() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    @Test
    void imageStreamedToRestoreHasTheSameBytes() throws Exception {
        try (TestProcess process = TestProcess.holding(BYTES)) {
            CommandRun run = CommandRun.shell(
                    "\"$@\" checkpoint --pid " + process.pid() + " --fd 0 -o - | \"$@\" restore - -- cat");
            assertEquals(0, run.exitStatus, run.err);
            assertArrayEquals(BYTES, run.outBytes);
            TestProcess.awaitQueued(process.pid(), 0, BYTES.length);
        }
    }

    @Test
    void truncatedStreamIsRefused() throws Exception {
        try (TestProcess process = TestProcess.holding(BYTES)) {
            String script = "\"$@\" checkpoint --pid " + process.pid()
                    + " --fd 0 -o - 2>/dev/null | head -c 9000 | \"$@\" restore - -- touch '" + directory + "/restored'";
            CommandRun run = CommandRun.shell(script);
            run.failed(125, "image from standard input: the stream ended at offset 9000, expected");
            assertEquals(0, directory.toFile().list().length);
        }
    }

    @Test
    void closedOutputPipeExitsWith141AndTheProcessRuns() throws Exception {
        try (TestProcess process = TestProcess.holding(BYTES)) {
            CommandRun run = CommandRun.shell("{ \"$@\" checkpoint --pid " + process.pid()
                    + " --fd 0 -o - || echo status $? >&2; } | sh -c 'exec 0<&-; sleep 2'");
            assertEquals(
                    List.of("standpipe: the reader of standard output has gone away", "status 141"),
                    run.err.lines().toList());
            Await.until("it runs", () -> process.state() == 'S');
            TestProcess.awaitQueued(process.pid(), 0, BYTES.length);
        }
    }

    @Test
    void treeIsSavedAndTheReportCountsIt() throws Exception {
        try (TestProcess shell = TestProcess.shellWithoutPipes("seq 1 100000 | cat | exec sleep 1000")) {
            int last = shell.awaitDescendant("sleep");
            TestProcess.awaitQueued(last, 0, 65_536);
            CommandRun run = CommandRun.here("checkpoint", "--tree", shell.pid(), "-o", directory.resolve("tree.ckpt"));
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.err.matches("standpipe: saved 2 pipes with 131,072 bytes in flight, behind 4 descriptors of 4"
                    + " processes, to .*; frozen for \\d+(\\.\\d)? .?s, written in .*\\n"
                    + "standpipe: process " + shell.pid() + " has no pipes\\n"), run.err);
        }
    }

    @Test
    void sharedFdTableIsSavedOnce() throws Exception {
        String program = "#define _GNU_SOURCE\n#include <sched.h>\n#include <unistd.h>\nstatic char stack[65536];\n"
                + "static int child(void *unused) { return pause(); }\n"
                + "int main(void) { clone(child, stack + 65536, CLONE_FILES | 17, 0); write(1, \"ready\\n\", 6);"
                + " return pause(); }\n";
        try (TestProcess process = TestProcess.of(List.of(CCode.program(directory, program).toString()))) {
            process.awaitOutput("ready");
            Path image = directory.resolve("shared.ckpt");
            assertEquals(0, CommandRun.here("checkpoint", "--tree", process.pid(), "-o", image).exitStatus);
            List<String> lines = CommandRun.here("show", image).succeeded().outLines();
            assertEquals(2, lines.stream().filter(line -> line.startsWith("process ")).count());
            assertEquals(6, lines.stream().filter(line -> line.startsWith("  fd ")).count());
            String records = CommandRun.here("show", "--records", image).succeeded().out;
            assertEquals(1, records.split(" FILE_TABLE ", -1).length - 1);
        }
    }

    @Test
    void processInAnotherPidNamespaceIsSaved() throws Exception {
        Host.assumeRootWith(Host.Capability.SYS_ADMIN);
        try (TestProcess process = TestProcess.shellWithoutPipes("exec unshare -p -f sh -c 'seq 1 9 | sleep 1000'")) {
            int reader = process.awaitDescendant("sleep");
            TestProcess.awaitQueued(reader, 0, 18);
            Path image = directory.resolve("namespace.ckpt");
            CommandRun run = CommandRun.here("checkpoint", "--pid", reader, "-o", image);
            assertEquals(0, run.exitStatus, run.err);
            assertEquals(
                    "1\n2\n3\n4\n5\n6\n7\n8\n9\n", CommandRun.of("restore", image, "--", "cat").succeeded().out);
        }
    }

    @Test
    void cgroupFreezeWithoutPermissionExitsWith4() throws Exception {
        OtherUser user = OtherUser.in(directory);
        String sleep = String.join(" ", user.command("sleep", "1000"));
        try (TestCgroup cgroup = TestCgroup.make();
                TestProcess process = TestProcess.shellWithoutPipes("exec " + sleep).awaitBecome("sleep")) {
            cgroup.add(process.pid());
            Path image = user.directory("out").resolve("image.ckpt");
            user.run("checkpoint", "--pid", process.pid(), "--freeze", "cgroup", "-o", image)
                    .failed(4, "it may not be frozen; run as root, have it delegated, or use --freeze ptrace");
            assertEquals(0, user.run("checkpoint", "--pid", process.pid(), "-o", image).exitStatus);
        }
    }

    @Test
    void processIsSavedWithItsCgroupFrozenAndRunsAfterwards() throws Exception {
        try (TestCgroup cgroup = TestCgroup.make(); TestProcess process = TestProcess.holding(BYTES)) {
            cgroup.add(process.pid());
            Path image = directory.resolve("image.ckpt");
            CommandRun run = CommandRun.here("checkpoint", "--pid", process.pid(), "--freeze", "cgroup", "-o", image);
            assertTrue(run.err.contains("; frozen for "), run.err);
            assertArrayEquals(BYTES, CommandRun.of("extract", image, "--pipe", 2).succeeded().outBytes);
            Await.until("it runs", () -> process.state() == 'S');
        }
    }
}
