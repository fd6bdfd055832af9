// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code standpipe restore --run}. */
class RestoreRunTest {

    @TempDir
    Path directory;

    private Path image;
    private int writer;
    private int reader;

    @BeforeEach
    void saveAPipeline() throws Exception {
        image = directory.resolve("pipeline.ckpt");
        try (TestProcess shell =
                TestProcess.shellWithoutPipes("{ echo in flight; exec tail -f /dev/null; } | exec sleep 1000")) {
            writer = shell.awaitDescendant("tail");
            reader = shell.awaitDescendant("sleep");
            TestProcess.awaitQueued(reader, 0, "in flight\n".length());
            Checkpoint.ofProcesses(writer, reader).writeTo(image);
        }
    }

    @Test
    void exitStatusesArePrintedAndTheFirstFailureIsReturned() throws Exception {
        CommandRun run = CommandRun.of(
                "restore", image, "--run", writer + "=echo more; exit 3", "--run", reader + "=tr a-z A-Z; exit 5");
        assertEquals(3, run.exitStatus, run.err);
        assertEquals(List.of("IN FLIGHT", "MORE"), run.outLines());
        assertTrue(run.err.contains(" (echo more; exit 3): exit status 3\n"), run.err);
        assertTrue(run.err.contains(" (tr a-z A-Z; exit 5): exit status 5\n"), run.err);
    }

    @Test
    void processWithoutCommandIsReported() throws Exception {
        CommandRun run = CommandRun.of("restore", image, "--run", reader + "=cat");
        assertEquals(0, run.exitStatus, run.err);
        assertEquals(List.of("in flight"), run.outLines());
        assertTrue(run.err.contains("process " + writer + " (tail -f /dev/null) has no command: it is gone, and its ends are closed\n"), run.err);
        assertTrue(run.err.contains("process " + reader + " (sleep 1000) is now process "), run.err);
    }

    @Test
    void missingOrConflictingCommandsExitWith2() throws Exception {
        assertEquals(2, CommandRun.of("restore", image).exitStatus);
        assertEquals(2, CommandRun.of("restore", image, "--run", reader + "=cat", "--", "cat").exitStatus);
        assertEquals(2, CommandRun.of("restore", image, "--run", "cat").exitStatus);
        CommandRun unknown = CommandRun.of("restore", image, "--run", "1=cat");
        assertEquals(2, unknown.exitStatus);
        assertTrue(unknown.err.contains("no process had pid 1; those in it had ["), unknown.err);
    }

    @Test
    void oneCommandForTwoProcessesExitsWith2() throws Exception {
        CommandRun run = CommandRun.of("restore", image, "--", "cat");
        assertEquals(2, run.exitStatus);
        assertTrue(run.err.contains("holds 2 processes, expected 1; give each of them a command with --run"), run.err);
    }
}
