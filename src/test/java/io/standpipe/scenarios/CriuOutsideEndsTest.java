// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Keeper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A process that is dumped and restored by CRIU, whose pipe's other end a process has that is not dumped. */
@Timeout(120)
@ExtendWith(DescriptorLeakCheck.class)
class CriuOutsideEndsTest {

    private static final Pattern HELD = Pattern.compile("process (\\d+) holds for \\d+ s [^\\n]*the (read|write) end of pipe:\\[\\d+\\],"
            + " to be opened as (/proc/\\1/fd/\\d+)\\n");

    @TempDir
    static Path programs;

    private static Path program;
    private static DumpTool tool;

    @TempDir
    Path temporary;

    private Path folder;
    private Stage stage;
    private Keeper original;
    private Puppet outside;
    private int restores;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        tool = DumpTool.standpipe(Host.assumeCriu());
        program = Stage.compile(programs.toRealPath());
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        folder = temporary.toRealPath();
        stage = Stage.in(folder, program);
        original = stage.startTree();
        outside = stage.await(original.pid()).does("ignore SIGPIPE", "pipe 3 4").writes(4, "saved");
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
        original.close();
    }

    /** Dumps a child of the process that stays outside, with one of the ends; the parent keeps the other one. */
    private int dumpChild(int fd) throws Exception {
        Puppet child = outside.fork().does("setsid", "close " + (3 + 4 - fd));
        outside.does("close " + fd);
        stage.rest(List.of(outside, child));
        List<String> command = tool.dump(child.pid(), Files.createDirectory(folder.resolve("images")));
        try (Keeper dump = Keeper.start(command, folder.resolve("dump"))) {
            assertEquals(0, dump.awaitCommand(), dump::output);
        }
        return child.pid();
    }

    /** Restores it, with options of this command and with what the shell redirects. */
    private Keeper restore(String redirection, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" " + redirection, "sh"));
        List<String> restore = tool.restore(folder.resolve("images"));
        int end = restore.indexOf("--");
        command.addAll(restore.subList(0, end));
        command.addAll(List.of(options));
        command.addAll(restore.subList(end, restore.size()));
        return Keeper.start(command, folder.resolve("restore-" + ++restores));
    }

    /** Returns what a restore has said of the process that holds ends: its pid, the end, and the path of that. */
    private static MatchResult held(Keeper restore) throws IOException {
        String output = restore.output();
        return HELD.matcher(output).results().findFirst().orElseThrow(() -> new AssertionError(output));
    }

    @Test
    void heldWriteEndConnectsAnotherProducerBehindWhatWasQueued() throws Exception {
        int pid = dumpChild(3);
        try (Keeper copy = restore("")) {
            assertEquals(0, copy.awaitCommand(), copy::output);
            MatchResult held = held(copy);
            assertEquals("write", held.group(2));
            stage.wake(true);
            Puppet restored = stage.await(pid).expect("5", "queued 3").expect("POLLIN", "poll 3 POLLIN");
            Files.write(Path.of(held.group(3)), "more".getBytes(StandardCharsets.US_ASCII));
            restored.reads("savedmore", 3, 100).expect("0", "poll 3 POLLIN");
            ProcessHandle holder = ProcessHandle.of(Long.parseLong(held.group(1))).orElseThrow();
            holder.destroy();
            restored.reads("", 3, 100);
        }
    }

    @Test
    void heldReadEndConnectsAnotherConsumer() throws Exception {
        int pid = dumpChild(4);
        try (Keeper copy = restore("")) {
            assertEquals(0, copy.awaitCommand(), copy::output);
            MatchResult held = held(copy);
            assertEquals("read", held.group(2));
            stage.wake(true);
            Puppet restored = stage.await(pid).does("ignore SIGPIPE").writes(4, "more");
            Puppet reader = stage.await(original.pid()).does("open " + held.group(3) + " 0 10").reads("savedmore", 10, 100);
            ProcessHandle holder = ProcessHandle.of(Long.parseLong(held.group(1))).orElseThrow();
            holder.destroy();
            Await.until("the holder has ended", () -> !holder.isAlive());
            restored.writes(4, "last");
            reader.reads("last", 10, 100).does("close 10");
            restored.writes("EPIPE", 4, "x");
        }
    }

    @Test
    void nothingHoldsEndsOnceCriuHasFailed() throws Exception {
        int pid = dumpChild(3);
        try (Keeper copy = restore("")) {
            assertEquals(0, copy.awaitCommand(), copy::output);
            MatchResult held = held(copy);
            try (Keeper second = restore("")) { // It fails, since the pid is taken.
                assertNotEquals(0, second.awaitCommand(), second::output);
                MatchResult failed = held(second);
                Await.until("the second holder has ended", () -> ProcessHandle.of(Long.parseLong(failed.group(1))).isEmpty());
            }
            assertTrue(ProcessHandle.of(Long.parseLong(held.group(1))).isPresent(), "the first one holds its end still");
            stage.wake(true);
            stage.await(pid).reads("saved", 3, 100).expect("0", "poll 3 POLLIN");
        }
    }

    @Test
    void endsAreClosedWhereNobodyHoldsThem() throws Exception {
        int pid = dumpChild(3);
        try (Keeper copy = restore("", "--hold", "0")) {
            assertEquals(0, copy.awaitCommand(), copy::output);
            assertFalse(HELD.matcher(copy.output()).find(), copy::output);
            stage.wake(true);
            stage.await(pid).reads("saved", 3, 100).reads("", 3, 100);
        }
    }

    @Test
    void inheritedDescriptorTakesThePlaceOfTheSavedOne() throws Exception {
        int pid = dumpChild(3);
        Path fifo = folder.resolve("fifo");
        Host.run("mkfifo", fifo.toString());
        try (Keeper copy = restore("<" + fifo, "--inherit", "0=" + pid + ":3")) {
            Files.write(fifo, "given".getBytes(StandardCharsets.US_ASCII)); // Waits for the reader.
            assertEquals(0, copy.awaitCommand(), copy::output);
            assertTrue(copy.output().contains("5 bytes"), copy::output);
            stage.wake(true);
            stage.await(pid).reads("given", 3, 100).reads("", 3, 100);
        }
    }
}
