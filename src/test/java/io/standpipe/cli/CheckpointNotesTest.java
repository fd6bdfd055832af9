// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a checkpoint says of processes of which not all is saved that might be expected, with exit status 0. */
@ExtendWith(DescriptorLeakCheck.class)
class CheckpointNotesTest {

    /** Has Unix sockets at fds 0, 1 and 9, and a pipe at fds 5 and 6 unless there is an argument; becomes sleep. */
    private static final String SOCKETS = String.join("\n",
            "#include <sys/socket.h>",
            "#include <unistd.h>",
            "int main(int argc, char **argv) {",
            "  int ends[2];",
            "  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) return 1;",
            "  dup2(ends[0], 9); dup2(9, 0); dup2(9, 1);",
            "  close(ends[0]); close(ends[1]);",
            "  if (argc == 1) { if (pipe(ends)) return 1; dup2(ends[0], 5); dup2(ends[1], 6); }",
            "  execl(\"/bin/sleep\", \"sleep\", \"1000\", (char *)0);",
            "  return 1; }");

    @TempDir
    Path directory;

    private Path image;

    @BeforeEach
    void otherProcessesCanBeSaved() {
        Host.assumeUnrelatedProcessesCanBeSaved();
        image = directory.resolve("app.ckpt");
    }

    @Test
    void processesWithoutPipesAreNamed() throws Exception {
        try (TestProcess process = TestProcess.shellWithoutPipes("sleep 1000 & exec sleep 1001").awaitBecome("sleep")) {
            int child = process.awaitDescendant("sleep");
            assertEquals(
                    List.of("standpipe: processes " + process.pid() + ", " + child + " have no pipes"),
                    notes("--tree", process.pid()));
            assertEquals(List.of("standpipe: process " + child + " has no pipes"), notes("--pid", child));
        }
    }

    @Test
    void socketsInPlaceOfStandardStreamsAreNamed() throws Exception {
        try (TestProcess process = sockets("")) {
            assertEquals(
                    List.of("standpipe: process " + process.pid() + ": descriptor 0 is a Unix socket, 1 is a Unix socket,"
                            + " and it has more sockets: 1; only pipes and FIFOs are saved"),
                    notes("--pid", process.pid()));
            assertEquals(List.of(), notes("--pid", process.pid(), "--fd", "5,6"));
        }
    }

    @Test
    void reportOfALibraryCallHasTheNotes() throws Exception {
        try (TestProcess process = sockets("none")) {
            List<String> notes = Checkpoint.ofProcess(process.pid()).writeTo(image).notes();
            assertEquals(1, notes.size());
            assertTrue(notes.get(0).startsWith("process " + process.pid() + " has no pipes; descriptor 0 is a Unix socket"), notes.get(0));
        }
    }

    @Test
    void readersOfOthersAreNamedSinceWhatTheyHaveReadIsInNoPipe() throws Exception {
        try (TestProcess shell = TestProcess.shellWithoutPipes("sleep 1000 | { sleep 1001 | exec sleep 1002; }")) {
            int writer = pid(shell, "1000");
            int both = pid(shell, "1001");
            int reader = pid(shell, "1002");
            assertEquals(
                    "; not saved: what processes " + Math.min(both, reader) + ", " + Math.max(both, reader) + " had read already",
                    readAhead(Math.min(both, reader), writer, Math.max(both, reader)));
            assertEquals("; not saved: what process " + reader + " had read already", readAhead(writer, reader));
            assertEquals("", readAhead(writer));
        }
        try (PipeHolder holder = PipeHolder.of("7", "12", "payload")) {
            assertEquals("", readAhead((int) holder.pid()));
        }
    }

    private static int pid(TestProcess shell, String argument) {
        List<Integer> found = new ArrayList<>();
        Await.until("there is a sleep " + argument, () -> {
            for (ProcessHandle handle : ProcessHandle.of(shell.pid()).orElseThrow().descendants().toList()) {
                if (Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline")).equals("sleep\0" + argument + "\0")) {
                    found.add((int) handle.pid());
                }
            }
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** Returns what a checkpoint of processes says after how long it took. */
    private String readAhead(Integer... pids) throws Exception {
        CommandRun run = CommandRun.of(
                "checkpoint", "--pid", Stream.of(pids).map(String::valueOf).collect(Collectors.joining(",")), "-o", image);
        assertEquals(0, run.exitStatus, run.err);
        assertEquals(1, run.err.lines().count(), run.err);
        return run.err.lines().findFirst().orElseThrow()
                .replaceFirst("; processes that could not be looked at.*", "").replaceFirst(".* written in [^;]*", "");
    }

    private TestProcess sockets(String argument) throws Exception {
        Path program = CCode.program(directory, SOCKETS);
        return TestProcess.shellWithoutPipes("exec '" + program + "' " + argument).awaitBecome("sleep");
    }

    /** Returns what a checkpoint says after the line that says what was saved. */
    private List<String> notes(String option, Object... arguments) throws Exception {
        Object[] all = new Object[arguments.length + 4];
        all[0] = "checkpoint";
        all[1] = option;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        all[all.length - 2] = "-o";
        all[all.length - 1] = image;
        CommandRun run = CommandRun.of(all);
        assertEquals(0, run.exitStatus, run.err);
        return run.err.lines().skip(1).collect(Collectors.toList());
    }
}
