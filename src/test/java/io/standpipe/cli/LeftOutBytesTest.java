// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.StartedCommands;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that a restore is told not to restore, and choices that contradict each other. */
@ExtendWith(DescriptorLeakCheck.class)
class LeftOutBytesTest {

    private static final String LOST =
            "pipe 2: its 7 bytes in flight are not restored: %s; they are in the image only: standpipe extract --pipe 2";

    @TempDir
    Path directory;

    @Test
    void bytesOfALeftOutPipeAreReportedByAQuietCommandToo() throws Exception {
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "5", "6", "payload");
        CommandRun run = CommandRun.of("restore", "-q", image, "--leave-out", "5,6", "--", "true");
        assertEquals("standpipe: " + LOST.formatted("descriptors 5, 6 are left out") + "\n", run.err);
        assertEquals(0, run.exitStatus);
    }

    @Test
    void bytesOfAReplacedDescriptorAreReported() throws Exception {
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "5", "-", "payload");
        CommandRun run = CommandRun.shell("exec \"$@\" 7</dev/null", "restore", image, "--inherit", "7=5", "--", "true");
        assertEquals("standpipe: " + LOST.formatted("descriptor 5 is left out") + "\n", run.err);
        assertEquals(0, run.exitStatus);
    }

    @Test
    void pipeThatIsEmptyOrOthersReadOrStillHasAnEndIsNotReported() throws Exception {
        Path empty = PipeHolder.save(directory.resolve("empty.ckpt"), "5", "-", "");
        assertEquals("", CommandRun.of("restore", empty, "--leave-out", "5", "--", "true").succeeded().err);
        Path others = PipeHolder.save(directory.resolve("others.ckpt"), "-", "5", "payload");
        assertEquals("", CommandRun.of("restore", others, "--leave-out", "5", "--", "true").succeeded().err);
        Path both = PipeHolder.save(directory.resolve("both.ckpt"), "5", "6", "payload");
        assertEquals("", CommandRun.of("restore", both, "--leave-out", "6", "--", "true").succeeded().err);
    }

    @Test
    void bytesOfAProcessWithoutACommandAreReported() throws Exception {
        Path image = directory.resolve("two.ckpt");
        try (PipeHolder kept = PipeHolder.of("5", "-", ""); PipeHolder gone = PipeHolder.of("5", "-", "payload")) {
            Checkpoint.ofProcesses(kept.pid(), gone.pid()).writeTo(image);
            StartedCommands started = Restore.from(image).start(Map.of(kept.pid(), List.of("true")));
            started.commands().get(0).waitFor();
            assertEquals(1, started.deviations().size(), started.deviations()::toString);
            assertTrue(started.deviations().get(0).contains("are not restored: process " + gone.pid() + " has no command"),
                    started.deviations()::toString);
        }
    }

    @Test
    void libraryReportsThemToo() throws Exception {
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "5", "-", "payload");
        try (RestoredPipes pipes = Restore.from(image).leavingOut(5).open()) {
            assertEquals(List.of(LOST.formatted("descriptor 5 is left out")), pipes.deviations());
        }
    }

    @Test
    void contradictingChoicesRunNoCommand() throws Exception {
        Path image = directory.resolve("app.ckpt");
        long pid;
        try (PipeHolder holder = PipeHolder.of("5", "-", "payload")) {
            pid = holder.pid();
            Checkpoint.ofProcess(pid).writeTo(image);
        }
        for (String[] options : new String[][] {
            {"--inherit", "0=5,1=5"}, {"--inherit=0=5", "--leave-out=5"}, {"--inherit=0=5", "--leave-out=" + pid + ":5"}
        }) {
            CommandRun.of("restore", image, options[0], options[1], "--", "touch", directory.resolve("ran"))
                    .failed(2, "saved descriptor 5 is to be ", "replaced by descriptor 0", ": choose one of them");
        }
        assertTrue(Files.notExists(directory.resolve("ran")));
        CommandRun.of("restore", image, "--leave-out", "5,5", "--", "true").failed(0, "not restored");
    }

    @Test
    void contradictingChoicesOfTheLibraryAreRefused() {
        Restore restore = Restore.from(directory.resolve("app.ckpt")).leavingOut(5);
        assertEquals("saved descriptor 5 is to be left out, and to be replaced by descriptor 0: choose one of them",
                assertThrows(IllegalArgumentException.class, () -> restore.replacing(5, 0)).getMessage());
    }
}
