// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code --progress-fd}. */
@ExtendWith(DescriptorLeakCheck.class)
class ProgressLinesTest {

    @TempDir
    Path directory;

    private Path image() {
        return directory.resolve("app.ckpt");
    }

    private List<JsonObject> lines() throws IOException {
        return Files.readAllLines(directory.resolve("lines")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .collect(Collectors.toList());
    }

    private List<String> phases() throws IOException {
        return lines().stream().map(line -> line.get("phase").getAsString()).distinct().collect(Collectors.toList());
    }

    private CommandRun withLines(Object... arguments) throws Exception {
        return CommandRun.shell("exec \"$@\" 7>" + directory.resolve("lines"), arguments);
    }

    @Test
    void checkpointEndsWithDone() throws Exception {
        try (PipeHolder holder = PipeHolder.of("4", "5", "payload")) {
            CommandRun run = withLines("checkpoint", "--pid", holder.pid(), "-o", image(), "--progress-fd", 7);
            assertEquals(0, run.exitStatus, run.err);
        }
        assertEquals(List.of("collect", "clone", "look", "write", "sync", "done"), phases());
        JsonObject last = lines().get(lines().size() - 1);
        assertEquals(image().toFile().length(), last.remove("imageBytes").getAsLong());
        assertTrue(last.remove("frozenMicros").getAsLong() > 0, "frozen");
        assertEquals(
                "{\"phase\":\"done\",\"pipes\":1,\"ofPipes\":1,\"bytes\":7,\"ofBytes\":7,\"deviations\":[]}", last.toString());
    }

    @Test
    void failureIsTheLastLine() throws Exception {
        try (PipeHolder holder = PipeHolder.of("4", "5", "payload")) {
            CommandRun run = withLines(
                    "checkpoint", "--pid", holder.pid(), "-o", directory.resolve("no/directory"), "--progress-fd", 7);
            run.failed(1, "no/directory");
            JsonObject last = lines().get(lines().size() - 1);
            assertEquals("failed", last.get("phase").getAsString());
            assertEquals(1, last.get("status").getAsInt());
            assertEquals(run.err, "standpipe: " + last.get("reason").getAsString() + "\n");
        }
    }

    @Test
    void restoreEndsWithStartAndTheCommandDoesNotInheritTheFd() throws Exception {
        PipeHolder.save(image(), "4", "-", "payload");
        CommandRun run = withLines(
                "restore", image(), "--progress-fd", 7, "--", "sh", "-c", "cat <&4; test -e /proc/self/fd/7 || echo ' no 7'");
        assertEquals("payload no 7\n", run.succeeded().out);
        assertEquals(List.of("check", "restore", "start"), phases());
    }

    @Test
    void commandThatCannotBeExecutedIsReportedAfterStart() throws Exception {
        PipeHolder.save(image(), "4", "-", "payload");
        Path text = Files.writeString(directory.resolve("broken"), "#!/no/such/interpreter\n");
        assertTrue(text.toFile().setExecutable(true));
        withLines("restore", image(), "--progress-fd", 7, "--", text).failed(127, "broken");
        assertEquals(List.of("check", "restore", "start", "failed"), phases());
    }

    @Test
    void startedCommandsAreReportedDoneWhileTheyRun() throws Exception {
        PipeHolder holder = PipeHolder.of("4", "-", "payload");
        try (holder) {
            CommandRun.here("checkpoint", "--pid", holder.pid(), "-o", image());
        }
        CommandRun run = withLines(
                "restore", image(), "--progress-fd", 7, "--run",
                holder.pid() + "=until grep -q done " + directory.resolve("lines") + "; do :; done");
        assertEquals(0, run.exitStatus, run.err);
        assertEquals(List.of("check", "restore", "start", "done"), phases());
        assertEquals(1, lines().stream().filter(line -> line.toString().contains("done")).count());
    }

    @Test
    void fdNotOpenForWritingExitsWith2() throws Exception {
        String[] use = {"checkpoint", "--pid", "1", "-o", image().toString(), "--progress-fd", "7"};
        CommandRun.of((Object[]) use).failed(2, "--progress-fd: descriptor 7 is not open");
        CommandRun.shell("exec \"$@\" 7</dev/null", (Object[]) use)
                .failed(2, "--progress-fd: descriptor 7: not open for writing");
        assertFalse(Files.exists(image()));
        CommandRun.of("checkpoint", "--pid", 1, "-o", "-", "--progress-fd", 1).failed(2, "that is where the image goes");
    }

    /** The script waits for the reader to end: before that, poll does not report POLLERR. */
    @Test
    void fdWithoutReaderExitsWith2() throws Exception {
        Path fifo = directory.resolve("fifo");
        String script = "mkfifo " + fifo + "; : <" + fifo + " & exec 7>" + fifo + "; wait $!; exec \"$@\"";
        CommandRun.shell(script, "checkpoint", "--pid", 1, "-o", image(), "--progress-fd", 7)
                .failed(2, "--progress-fd: the reader of descriptor 7 has gone away");
    }

    @Test
    void readerThatLeavesIsReportedOnceAndTheImageIsComplete() throws Exception {
        Path fifo = directory.resolve("fifo");
        try (PipeHolder holder = PipeHolder.of("4", "5", "x".repeat(65_536))) {
            // The image does not fit into its pipe: when the reader of the lines ends, more lines are still to come.
            String script = "mkfifo " + fifo + " " + fifo + ".lines; { exec 8<" + fifo + "; read line; exec <&-; cat <&8 >"
                    + image() + "; } <" + fifo + ".lines & exec \"$@\" 7>" + fifo + ".lines >" + fifo;
            CommandRun run = CommandRun.shell(
                    script,
                    "checkpoint", "--pid", holder.pid(), "-o", "-", "--progress-fd", 7);
            assertEquals(0, run.exitStatus, run.err);
            String said = "standpipe: --progress-fd: the reader of descriptor 7 has gone away; going on without\n";
            assertTrue(run.err.startsWith(said), run.err);
            assertEquals(2, run.err.lines().count(), run.err);
        }
        assertTrue(CommandRun.here("show", image()).succeeded().out.contains("65,536 of 65,536 bytes"));
    }
}
