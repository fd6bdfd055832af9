// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Restore.start starts commands in place of the processes of a pipeline, connected as the processes were. */
@ExtendWith(DescriptorLeakCheck.class)
class RestoreStartTest {

    @TempDir
    Path folder;

    private Path image;
    private long writer;
    private long reader;

    @BeforeEach
    void saveAPipelineWithALineInFlight() throws IOException {
        image = folder.resolve("pipeline.ckpt");
        try (TestProcess shell =
                TestProcess.shellWithoutPipes("{ echo in flight; exec tail -f /dev/null; } | exec sleep 1000")) {
            writer = shell.awaitDescendant("tail");
            reader = shell.awaitDescendant("sleep");
            TestProcess.awaitQueued((int) reader, 0, "in flight\n".length());
            Checkpoint.ofProcesses(writer, reader).writeTo(image);
        }
    }

    @Test
    void startedPipelineContinues() throws IOException {
        StartedCommands started = start("echo more; exit 3", "cat > out; echo end >> out");
        assertEquals(List.of(), started.gone());
        assertEquals(List.of(writer, reader), started.commands().stream().map(StartedCommand::savedPid).toList());
        List<ExitStatus> statuses = waitFor(started);
        assertEquals(List.of(exited(3), exited(0)), statuses);
        assertEquals(OptionalInt.of(3), statuses.get(0).status());
        assertFalse(statuses.get(0).wasKilled());
        assertEquals("in flight\nmore\nend\n", Files.readString(folder.resolve("out")));
    }

    /** Repeats, since an end that is kept open by mistake makes the reader wait for ever, or loses a line. */
    @Test
    void repeatedStartsLoseNoLine() throws IOException {
        for (int i = 0; i < 30; i++) {
            waitFor(start("seq 1 1000", "wc -l > out"));
            assertEquals("1001", Files.readString(folder.resolve("out")).trim());
        }
    }

    @Test
    void processWithoutCommandIsGone() throws IOException {
        StartedCommands started = Restore.from(image).start(Map.of(reader, shell("cat > out")));
        assertEquals(List.of(writer), started.gone());
        assertEquals(List.of(exited(0)), waitFor(started));
        assertEquals("in flight\n", Files.readString(folder.resolve("out")));
    }

    @Test
    void writerWithoutReaderGetsSigpipe() throws IOException {
        StartedCommands started = Restore.from(image).start(Map.of(writer, List.of("yes")));
        ExitStatus status = started.commands().get(0).waitFor();
        assertEquals(OptionalInt.of(13), status.signal());
        assertTrue(status.wasKilled());
        assertEquals(128 + 13, status.exitStatus());
        assertEquals(status, started.commands().get(0).waitFor());
    }

    @Test
    void unknownPidIsRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Restore.from(image).start(Map.of(1L, List.of("true"))));
        assertEquals("image " + image + ": no process had pid 1; those in it had ["
                + Math.min(writer, reader) + ", " + Math.max(writer, reader) + "]", e.getMessage());
    }

    @Test
    void missingProgramStartsNoCommand() {
        Map<Long, List<String>> commands = new LinkedHashMap<>();
        commands.put(writer, shell("touch started"));
        commands.put(reader, List.of("/no/such/command"));
        assertThrows(CommandException.class, () -> Restore.from(image).start(commands));
        assertFalse(Files.exists(folder.resolve("started")));
    }

    @Test
    void failedExecEndsTheOtherCommands() throws IOException {
        Map<Long, List<String>> commands = new LinkedHashMap<>();
        commands.put(writer, List.of("sleep", "1000"));
        commands.put(reader, List.of(folder.resolve("script").toString()));
        Files.writeString(folder.resolve("script"), "#!" + folder + "/no/such/interpreter\n");
        assertEquals(true, folder.resolve("script").toFile().setExecutable(true));
        CommandException e = assertThrows(CommandException.class, () -> Restore.from(image).start(commands));
        assertEquals(CommandException.NOT_FOUND, e.exitStatus());
        assertEquals(0, ProcessHandle.current().children().filter(child -> child.info().command()
                .orElse("").endsWith("sleep")).count());
    }

    private StartedCommands start(String writing, String reading) throws StandpipeException {
        Map<Long, List<String>> commands = new LinkedHashMap<>();
        commands.put(writer, shell(writing));
        commands.put(reader, shell(reading));
        return Restore.from(image).start(commands);
    }

    private List<String> shell(String script) {
        return List.of("sh", "-c", "cd '" + folder + "'; " + script);
    }

    private static ExitStatus exited(int status) {
        return new ExitStatus(OptionalInt.of(status), OptionalInt.empty());
    }

    private static List<ExitStatus> waitFor(StartedCommands started) throws StandpipeException {
        List<ExitStatus> statuses = new ArrayList<>();
        for (StartedCommand command : started.commands()) {
            statuses.add(command.waitFor());
        }
        return statuses;
    }
}
