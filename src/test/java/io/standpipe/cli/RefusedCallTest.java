// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.standpipe.Checkpoint;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.RefusedCalls;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command under seccomp profiles that refuse one system call each, as profiles of containers do. */
@ExtendWith(DescriptorLeakCheck.class)
class RefusedCallTest {

    private static final byte[] BYTES = RandomBytes.of(30_000);

    @TempDir
    static Path programs;

    private static RefusedCalls calls;

    @TempDir
    Path directory;

    private Path image;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        Host.assumeUnrelatedProcessesCanBeSaved();
        calls = RefusedCalls.in(programs);
    }

    @BeforeEach
    void makeDirectory() throws IOException {
        image = Files.createDirectory(directory.resolve("images")).resolve("pipes.ckpt");
    }

    @ParameterizedTest
    @CsvSource({
        "tee, --freeze=stop, 4", "tee, --freeze=none, 4", "splice, --freeze=none, 4", "pidfd_open, --freeze=none, 4",
        "pidfd_getfd, --freeze=none, 4", "pidfd_send_signal, --freeze=stop, 4", "ptrace, --freeze=ptrace, 4", "fdatasync, --freeze=none, 4",
        "renameat, --freeze=stop, 4"
    })
    void checkpointNamesTheRefusedCallAndChangesNothing(String call, String freeze, int status) throws Exception {
        try (TestProcess process = holding(BYTES)) {
            refusing(call, "checkpoint", "--pid", process.pid(), "--fd", "0", freeze, "-o", image)
                    .failed(status, call);
            assertFilesAre(List.of());
            Await.until("it runs", () -> process.state() == 'S');
            TestProcess.awaitQueued(process.pid(), 0, BYTES.length);
            assertSaved(process);
        }
    }

    /** As in a container whose profile lets fds be copied. */
    @Test
    void checkpointSaysThatNothingIsFrozenWherePtraceIsRefused() throws Exception {
        try (TestProcess process = holding(BYTES)) {
            CommandRun run = refusing("ptrace", "checkpoint", "--pid", process.pid(), "--fd", "0", "-o", image);
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.err.contains("standpipe: not frozen, since ptrace is refused"), run.err);
            assertFalse(run.err.contains("frozen for"), run.err);
            assertSaved(process);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kcmp", "fallocate", "sync_file_range"})
    void checkpointSucceedsWithoutOptionalCalls(String call) throws Exception {
        byte[] many = RandomBytes.of(1 << 20); // of fewer no room is reserved, and no writing started
        try (TestProcess process = holding(many)) {
            CommandRun run = refusing(call, "checkpoint", "--pid", process.pid(), "--fd", "0", "--freeze=stop", "-o", image);
            assertEquals(0, run.exitStatus, run.err);
            CommandRun restored = CommandRun.of("restore", image, "--", "head", "-c", many.length);
            assertArrayEquals(many, restored.outBytes, restored.err);
        }
    }

    /** A sync that were tried would fail. */
    @ParameterizedTest
    @ValueSource(strings = {"fdatasync", "fsync"})
    void nothingIsSyncedIfThatWasAskedFor(String call) throws Exception {
        try (TestProcess process = holding(BYTES)) {
            refusing(call, "checkpoint", "--pid", process.pid(), "--fd", "0", "--freeze=stop", "-o", image).failed(4, call);
            CommandRun run =
                    refusing(call, "checkpoint", "--pid", process.pid(), "--fd", "0", "--freeze=stop", "--no-sync", "-o", image);
            assertEquals(0, run.exitStatus, run.err);
            assertArrayEquals(BYTES, CommandRun.of("restore", image, "--", "cat").outBytes);
        }
    }

    /** Fds 0 and 7 share a description, and 3 and 6. In this order those of one access mode do not lie side by side when 6 is looked for. */
    @Test
    void sharedDescriptionsAreFoundWithoutKcmp() throws Exception {
        try (TestProcess shell = TestProcess.shellWithoutPipes(
                "seq 1 100000 | { exec 3>/proc/self/fd/0 4</proc/self/fd/0 5<>/proc/self/fd/0 6>&3 7<&0; exec sleep 1000; }")) {
            int sleep = shell.awaitDescendant("sleep");
            TestProcess.awaitQueued(sleep, 0, 65_536);
            Path other = image.resolveSibling("kcmp.ckpt");
            for (String how : List.of("none", "kcmp")) {
                CommandRun run = refusing(
                        how, "checkpoint", "--pid", sleep, "-o", how.equals("none") ? other : image);
                assertEquals(0, run.exitStatus, run.err);
            }
            assertEquals(descriptors(other), descriptors(image));
            assertEquals(6, descriptors(image).size());
            assertEquals(4, descriptors(image).stream().map(line -> line.replaceAll(".* ", "")).distinct().count());
        }
    }

    /** Whether the name is still that of the FIFO is not known then; all the rest is. */
    @ParameterizedTest
    @ValueSource(strings = {"openat2", "openat2=ENOSYS"})
    void fifoIsListedButNotSavedWithoutOpenat2(String call) throws Exception {
        Path fifo = directory.resolve("fifo");
        try (TestProcess process = TestProcess.shell("mkfifo " + fifo + " && exec sleep 1000 <> " + fifo).awaitBecome("sleep")) {
            CommandRun run = refusing(call, "list");
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.out.contains(fifo + " (not looked at: openat2 is refused)"), run.out);
            refusing(call, "checkpoint", "--pid", process.pid(), "--fd", "0", "-o", image).failed(4, "openat2", "run outside of the container");
            JsonObject finding = finding(refusing(call, "check", "--json"), "openat2");
            assertTrue(finding.get("detail").getAsString().endsWith("no FIFO can be saved, nor restored at its path"), finding.toString());
        }
    }

    @Test
    void refusedFileInMemoryHasARemedy() throws Exception {
        try (TestProcess process = holding(BYTES)) {
            assertSaved(process);
            String[] messages = {"a seccomp profile forbids memfd_create", "run outside of the container"};
            refusing("memfd_create", "hold", "--pid", process.pid()).failed(4, messages);
            refusing("memfd_create", "swap", "--pid", process.pid(), "--", "true").failed(125, messages);
            CommandRun.shell("exec " + String.join(" ", calls.refusing("memfd_create")) + " \"$@\" < " + image, "restore", "-", "--", "true")
                    .failed(125, messages);
            Await.until("it runs", () -> process.state() == 'S');
        }
    }

    @Test
    void swapThatMaySendNoSignalHasARemedy() throws Exception {
        try (TestProcess process = holding(BYTES)) {
            refusing("pidfd_send_signal", "swap", "--pid", process.pid(), "--", "true")
                    .failed(125, "cannot be asked to end: operation not permitted (pidfd_send_signal)", "allow the call where a seccomp profile");
            assertEquals("limited", finding(refusing("pidfd_send_signal", "check", "--json"), "pidfd_send_signal").get("level").getAsString());
            TestProcess.awaitQueued(process.pid(), 0, BYTES.length);
            assertSaved(process);
        }
    }

    @Test
    void restoreWithoutSpliceExitsWith125() throws Exception {
        try (TestProcess process = holding(BYTES)) {
            assertSaved(process);
            Path made = directory.resolve("made");
            refusing("splice", "restore", image, "--", "touch", made).failed(125, "operation not permitted (splice)");
            assertFalse(Files.exists(made));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tee, missing", "splice, missing", "pidfd_getfd, missing", "kcmp, limited", "ptrace, limited", "pidfd_send_signal, limited",
        "openat2, missing", "memfd_create, missing", "close_range, limited"
    })
    void checkReportsTheRefusedCall(String call, String level) throws Exception {
        CommandRun run = refusing(call, "check", "--json");
        assertEquals(level.equals("missing") ? 4 : 0, run.exitStatus, run.out);
        JsonObject finding = finding(run, call);
        assertEquals(level, finding.get("level").getAsString(), run.out);
        assertTrue(finding.get("detail").getAsString().startsWith("operation not permitted (" + call + "): "), run.out);
        assertEquals("allow " + call + " in the seccomp profile of this container", finding.get("remedy").getAsString());
    }

    /** What a kernel lacks has the kernel as its remedy, and what a profile hides of a kernel that has it the profile. */
    @ParameterizedTest
    @CsvSource({
        "pidfd_open=ENOSYS, pidfd_getfd, 5.6", "openat2=ENOSYS, openat2, 5.6", "close_range=ENOSYS, close_range, 5.9",
        "CLOSE_RANGE_CLOEXEC=EINVAL, CLOSE_RANGE_CLOEXEC, 5.11", "PIDFD_THREAD=EINVAL, PIDFD_THREAD, 6.9",
        "F_DUPFD_QUERY=EINVAL, F_DUPFD_QUERY, 6.10", "write from nowhere, last buffer, 6.15"
    })
    void checkTellsAnOldKernelFromAProfile(String refused, String name, String since) throws Exception {
        CommandRun run = refusing(refused, "check", "--json");
        JsonObject finding = finding(run, name);
        assertFalse(finding.get("level").getAsString().equals("ok"), run.out);
        String remedy = finding.get("remedy").getAsString();
        assertTrue(KernelLimits.isAtLeast(ProcessCalls.kernelName().release(), since)
                ? remedy.startsWith("allow ") && remedy.endsWith(" in the seccomp profile of this container")
                : remedy.equals("Linux " + since + " or later"), run.out);
    }

    @Test
    void checkNamesBothRemediesWhereThereIsNoKcmp() throws Exception {
        assertEquals("a kernel with CONFIG_KCMP, or allow kcmp in the seccomp profile of this container",
                finding(refusing("kcmp=ENOSYS", "check", "--json"), "kcmp").get("remedy").getAsString());
    }

    private static JsonObject finding(CommandRun run, String name) {
        for (JsonElement element : JsonParser.parseString(run.out).getAsJsonArray()) {
            if (element.getAsJsonObject().get("name").getAsString().equals(name)) {
                return element.getAsJsonObject();
            }
        }
        throw new AssertionError("not a word of " + name + ": " + run.out);
    }

    private CommandRun refusing(String call, Object... arguments) throws IOException, InterruptedException {
        return CommandRun.through(calls.refusing(call), arguments);
    }

    private void assertSaved(TestProcess process) throws IOException {
        Checkpoint.ofProcess(process.pid(), 0).writeTo(image);
        assertFilesAre(List.of(image));
    }

    private void assertFilesAre(List<Path> expected) throws IOException {
        try (Stream<Path> files = Files.list(image.getParent())) {
            assertEquals(expected, files.toList());
        }
    }

    /** Returns fd and objref of the description of each descriptor in an image. */
    private static List<String> descriptors(Path image) throws IOException, InterruptedException {
        CommandRun run = CommandRun.here("show", "--json", image).succeeded();
        JsonObject shown = JsonParser.parseString(run.out).getAsJsonObject();
        List<String> descriptors = new ArrayList<>();
        for (JsonElement process : shown.getAsJsonArray("processes")) {
            for (JsonElement element : process.getAsJsonObject().getAsJsonArray("descriptors")) {
                JsonObject descriptor = element.getAsJsonObject();
                descriptors.add(descriptor.get("fd") + " is " + descriptor.get("description"));
            }
        }
        return descriptors;
    }

    private static TestProcess holding(byte[] bytes) throws Exception {
        TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep");
        try (Fd end = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/proc/" + process.pid() + "/fd/0", Flags.O_RDWR, 0)) {
            Pipes.setCapacityBytes(end.number(), bytes.length);
        }
        process.feed(bytes);
        TestProcess.awaitQueued(process.pid(), 0, bytes.length);
        return process;
    }
}
