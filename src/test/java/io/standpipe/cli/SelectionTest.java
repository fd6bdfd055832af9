// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.Image;
import io.standpipe.Restore;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Descriptors of several processes that are named, and those that are left out. */
@ExtendWith(DescriptorLeakCheck.class)
class SelectionTest {

    @TempDir
    Path directory;

    private Path image;

    @BeforeEach
    void otherProcessesCanBeSaved() {
        Host.assumeUnrelatedProcessesCanBeSaved();
        image = directory.resolve("app.ckpt");
    }

    @Test
    void descriptorsOfSeveralProcessesAreNamedByPid() throws Exception {
        try (TestProcess one = holder(); TestProcess two = holder(); TestProcess three = holder()) {
            CommandRun.of("checkpoint", "--pid", one.pid() + "," + two.pid() + "," + three.pid(), "--fd",
                            one.pid() + ":0," + one.pid() + ":2", "--fd", two.pid() + ":1", "-o", image)
                    .failed(0, "behind 6 descriptors of 3 processes");
            assertEquals(List.of(List.of(0, 2), List.of(1), List.of(0, 1, 2)), saved());
        }
    }

    @Test
    void descriptorThatIsLeftOutCountsAsExternalHolder() throws Exception {
        try (TestProcess process = holder(); TestProcess other = holder()) {
            CommandRun.of("checkpoint", "--pid", process.pid(), "--leave-out", "0,2", "-o", image).failed(0, "behind 1 descriptor ");
            assertEquals(List.of(List.of(1)), saved());
            Checkpoint.ofProcesses(process.pid(), other.pid()).leavingOut(process.pid(), 1).leavingOut(process.pid(), 2).writeTo(image);
            assertEquals(List.of(List.of(0), List.of(0, 1, 2)), saved());
            assertEquals(
                    List.of("descriptor 77 of process " + process.pid() + " was to be left out, and is not open"),
                    Checkpoint.ofProcess(process.pid()).leavingOut(process.pid(), 1, 77).writeTo(image).notes());
            Checkpoint both = Checkpoint.ofProcess(process.pid(), 0, 1).leavingOut(process.pid(), 1);
            both.writeTo(image);
            assertEquals(List.of(List.of(0)), saved());
        }
    }

    @Test
    void whatIsNamedOfAnotherProcessIsRefused() throws Exception {
        try (TestProcess process = holder(); TestProcess other = holder()) {
            CommandRun.here("checkpoint", "--pid", process.pid(), "--leave-out", other.pid() + ":0", "-o", image)
                    .failed(2, "process " + other.pid() + ": descriptors are named, but it is not among the processes that are saved: "
                            + process.pid());
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class,
                    () -> Checkpoint.ofTree(process.pid()).onlyDescriptors(other.pid(), 0).writeTo(image));
            assertTrue(e.getMessage().endsWith(" saved: " + process.pid()), e.getMessage());
            String both = process.pid() + "," + other.pid();
            CommandRun.here("checkpoint", "--pid", both, "--fd", "0", "-o", image).failed(2, "--fd PID:N");
            CommandRun.here("checkpoint", "--pid", both, "--fd", "x:0", "-o", image).failed(2, "'x:0' is not N or PID:N");
            assertFalse(Files.exists(image));
        }
    }

    @Test
    void leavingOutAllPipesIsRefused() throws Exception {
        try (PipeHolder one = PipeHolder.of("4", "-", ""); PipeHolder two = PipeHolder.of("4", "-", "")) {
            String said = "process " + one.pid() + ": no pipe of it is saved, since descriptor 4 is left out";
            CommandRun.here("checkpoint", "--pid", one.pid(), "--leave-out", "4", "-o", image).failed(2, said);
            CommandRun.here("checkpoint", "-q", "--pid", one.pid(), "--fd", "4", "--leave-out", "4", "-o", image).failed(2, said);
            assertFalse(Files.exists(image));
            CommandRun run = CommandRun.here(
                    "checkpoint", "-q", "--pid", one.pid() + "," + two.pid(), "--leave-out", one.pid() + ":4", "-o", image);
            assertEquals("standpipe: " + said + "\n", run.err);
            assertEquals(0, run.exitStatus);
        }
    }

    @Test
    void imageWithoutAnyPipeIsSaidByAQuietCommandToo() throws Exception {
        try (TestProcess process = TestProcess.shellWithoutPipes("exec sleep 1000").awaitBecome("sleep")) {
            CommandRun run = CommandRun.here("checkpoint", "-q", "--pid", process.pid(), "--leave-out", "0", "-o", image);
            assertEquals("standpipe: process " + process.pid() + " has no pipes\n", run.err);
            assertEquals(0, run.exitStatus);
        }
    }

    /** Root's pipe, of which the user's process has the write end: to be read it would have to be opened, which the user may not. */
    @Test
    void pipeThatTheUserMayNotReadIsNamedAndCanBeLeftOut() throws Exception {
        OtherUser user = OtherUser.in(directory);
        Path output = user.directory("output").resolve("app.ckpt");
        try (TestPipe pipe = TestPipe.holding("in flight");
                TestProcess process = TestProcess.shell("exec 5>/proc/" + ProcessHandle.current().pid() + "/fd/" + pipe.writeFd()
                        + " 1>&- 2>&-; exec " + String.join(" ", user.command("sleep", "1000"))).awaitBecome("sleep")) {
            user.run("checkpoint", "--pid", process.pid(), "-o", output).failed(
                    4, "descriptor 5 of process " + process.pid() + ": only its write end is at hand", "this user may not open it for reading", "--leave-out PID:N");
            assertFalse(Files.exists(output));
            user.run("checkpoint", "--pid", process.pid(), "--leave-out", "5", "-o", output).failed(0, "behind 1 descriptor ");
            assertEquals("in flight", pipe.readText());
        }
    }

    private static TestProcess holder() throws Exception {
        return TestProcess.shell("exec sleep 1000").awaitBecome("sleep");
    }

    private List<List<Integer>> saved() throws Exception {
        return Restore.from(image).check().processes().stream()
                .map(process -> process.table().descriptors().stream().map(Image.Descriptor::fd).toList())
                .toList();
    }
}
