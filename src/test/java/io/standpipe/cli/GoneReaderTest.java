// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said, and which exit code there is, if standard output or standard error takes nothing. */
class GoneReaderTest {

    /** The reader has gone before the command writes. Its exit code follows what it said. */
    private static final String TO_NOBODY = "mkfifo gone; sh -c 'exec <gone' & exec 3>gone; wait $!; \"$@\" >&3; echo code=$? >&2";

    @TempDir
    Path directory;

    private CommandRun toNobody(Object... arguments) throws Exception {
        return CommandRun.shell("cd '" + directory + "'; " + TO_NOBODY, arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "completion", "man show", "list", "show app.ckpt", "show --records app.ckpt",
            "show --json app.ckpt", "extract app.ckpt", "check", "help restore"})
    void nothingIsSaidOfAReaderThatIsGone(String words) throws Exception {
        PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
        CommandRun run = toNobody((Object[]) words.replace("list", "list --quiet").split(" "));
        assertEquals("code=141\n", run.err);
    }

    @Test
    void nothingIsSaidOfAReaderThatHasSeenEnough() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        try (TestProcess pipeline = TestProcess.shellWithoutPipes("seq 1 1000000 | sleep 1000")) {
            int reader = pipeline.awaitDescendant("sleep");
            TestProcess.awaitQueued(reader, 0, 65_536);
            for (String form : new String[] {"--hex", "--bytes", "--quiet"}) {
                CommandRun run = toNobody("peek", "--pid", reader, "--fd", 0, form);
                assertEquals("code=141\n", run.err, form);
                Files.delete(directory.resolve("gone"));
            }
            TestProcess.awaitQueued(reader, 0, 65_536);
        }
    }

    @Test
    void whatOnlyTheReaderWouldHaveHadIsSaid() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            CommandRun run = toNobody("checkpoint", "--pid", holder.pid(), "--output", "-");
            assertEquals("standpipe: the reader of standard output has gone away\ncode=141\n", run.err);
        }
    }

    @Test
    void fullOutputIsAFailure() throws Exception {
        CommandRun run = CommandRun.shell("\"$@\" >/dev/full", "--help");
        run.failed(1, "standard output cannot be written: no space is left");
        PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
        CommandRun.shell("\"$@\" >/dev/full", "extract", directory.resolve("app.ckpt")).failed(1, "standard output: no space is left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2>&-", "2>/dev/full"})
    void standardErrorThatTakesNothingDoesNoHarm(String redirected) throws Exception {
        PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
        CommandRun run = CommandRun.shell("\"$@\" " + redirected + "; echo $?", "show", directory.resolve("app.ckpt"));
        assertTrue(run.out.contains("7 of 65,536 bytes") && run.out.endsWith("\n0\n"), run.out);
        assertEquals("1\n", CommandRun.shell("\"$@\" " + redirected + "; echo $?", "show", directory.resolve("absent")).out);
    }
}
