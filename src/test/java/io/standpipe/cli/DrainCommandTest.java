// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code standpipe drain}. */
@ExtendWith(DescriptorLeakCheck.class)
class DrainCommandTest {

    private static final int CAPACITY = 65_536;
    private static final int MIB = 1 << 20;
    private static final int MOUNT_REFUSED = 99;

    @TempDir
    Path directory;

    private Path rest;
    private Path read;

    @BeforeEach
    void descriptorsOfOthersCanBeCopied() {
        Host.assumeUnrelatedProcessesCanBeSaved();
        rest = directory.resolve("rest");
        read = directory.resolve("read");
    }

    /** A file's bytes go through a pipe to a cat that has stopped before it reads any. */
    private final class StoppedReader implements AutoCloseable {

        private final TestProcess shell;
        private final int reader;
        private final byte[] bytes;

        StoppedReader(int lengthBytes) throws Exception {
            bytes = RandomBytes.of(lengthBytes);
            Path source = Files.write(directory.resolve("source"), bytes);
            shell = TestProcess.shellWithoutPipes("cat '" + source + "' | { sh -c 'kill -STOP $$; exec cat' > '" + read + "'; }");
            Await.until("the reader is stopped", () -> stopped() != 0);
            reader = stopped();
            TestProcess.awaitQueued(reader, 0, Math.min(lengthBytes, CAPACITY));
        }

        private int stopped() throws IOException {
            for (ProcessHandle handle : ProcessHandle.of(shell.pid()).orElseThrow().descendants().toList()) {
                // The other cat may end meanwhile.
                if (isStopped(handle)) {
                    return (int) handle.pid();
                }
            }
            return 0;
        }

        private boolean isStopped(ProcessHandle handle) throws IOException {
            try {
                return TestProcess.state((int) handle.pid()) == 'T';
            } catch (NoSuchFileException e) {
                return false;
            }
        }

        void resume() throws Exception {
            assertEquals(0, ChildRun.of(List.of("kill", "-CONT", Integer.toString(reader))).exitStatus());
        }

        /** Checks that what was taken, and what the reader reads once it goes on, is all there was. */
        void assertWhole(byte[] taken) throws Exception {
            resume();
            Await.until("all is read", () -> Files.size(read) == bytes.length - taken.length);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(taken);
            all.writeBytes(Files.readAllBytes(read));
            assertArrayEquals(bytes, all.toByteArray());
        }

        @Override
        public void close() throws IOException {
            shell.close();
        }
    }

    @Test
    void queuedBytesAreTakenAndTheWriterGoesOn() throws Exception {
        try (StoppedReader stopped = new StoppedReader(MIB)) {
            CommandRun run = CommandRun.of("drain", "--pid", stopped.reader, "--fd", 0, "--output", rest);
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.err.matches("standpipe: took 65,536 bytes out of pipe \\d+, left in it: [\\d,]+\n(.*could not be looked at.*\n)?"), run.err);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(rest)));
            TestProcess.awaitQueued(stopped.reader, 0, CAPACITY);
            stopped.assertWhole(Files.readAllBytes(rest));
        }
    }

    @Test
    void streamIsFollowedToItsEnd() throws Exception {
        try (StoppedReader stopped = new StoppedReader(10 * MIB)) {
            CommandRun run = CommandRun.of("drain", "--pid", stopped.reader, "--fd", 0, "--follow");
            assertEquals(0, run.exitStatus, run.err);
            assertArrayEquals(stopped.bytes, run.outBytes);
            assertTrue(run.err.contains("took 10,485,760 bytes out of pipe "), run.err);
        }
    }

    @Test
    void bytesGoThroughAPipeToAnotherProgram() throws Exception {
        try (StoppedReader stopped = new StoppedReader(MIB)) {
            CommandRun run = CommandRun.shell("\"$@\" | gzip | gunzip", "drain", "--pid", stopped.reader, "--fd", 0, "--follow");
            assertArrayEquals(stopped.bytes, run.outBytes, run.err);
        }
    }

    @Test
    void bytesAreAppendedToAFile() throws Exception {
        try (StoppedReader stopped = new StoppedReader(CAPACITY + 1000)) {
            CommandRun run = CommandRun.shell(
                    "\"$@\" >> '" + rest + "'", "drain", "--pid", stopped.reader, "--fd", 0);
            assertEquals(0, run.exitStatus, run.err);
            assertEquals(CAPACITY, Files.size(rest));
            stopped.assertWhole(Files.readAllBytes(rest));
        }
    }

    @Test
    void runningReaderIsRefusedUnlessItIsToMissTheBytes() throws Exception {
        try (TestProcess reader = TestProcess.holding(new byte[100])) {
            CommandRun.of("drain", "--pid", reader.pid(), "--fd", 0, "--output", rest).failed(
                    2, "process " + reader.pid() + " (sleep), descriptor 0", "kill -STOP " + reader.pid(), "--yes");
            assertFalse(Files.exists(rest));
            TestProcess.awaitQueued(reader.pid(), 0, 100);
            CommandRun run = CommandRun.of("drain", "--pid", reader.pid(), "--fd", 0, "--output", rest, "--yes");
            assertEquals(0, run.exitStatus, run.err);
            assertEquals(100, Files.size(rest));
            TestProcess.awaitQueued(reader.pid(), 0, 0);
        }
    }

    @Test
    void bytesAreThrownAwayBesideAReaderButNotAppendedToAFile() throws Exception {
        try (TestProcess reader = TestProcess.holding(new byte[100])) {
            CommandRun.shell("exec \"$@\" >> '" + rest + "'", "drain", "--pid", reader.pid(), "--fd", 0, "--yes")
                    .failed(2, "standard output: bytes go there in two steps", "send them through a pipe");
            TestProcess.awaitQueued(reader.pid(), 0, 100);
            assertEquals(0, Files.size(rest));
            CommandRun.shell("exec \"$@\" > /dev/null", "drain", "--pid", reader.pid(), "--fd", 0, "--yes")
                    .failed(0, "took 100 bytes out of pipe ");
            TestProcess.awaitQueued(reader.pid(), 0, 0);
        }
    }

    @Test
    void readAndWriteEndInOneDescriptionComesToItsEnd() throws Exception {
        Path fifo = directory.resolve("fifo");
        String script = "mkfifo '" + fifo + "'; exec 5<>'" + fifo + "'; echo line >&5; kill -STOP $$; exec sleep 1000";
        try (TestProcess holder = TestProcess.shellWithoutPipes(script)) {
            Await.until("it is stopped", () -> holder.state() == 'T');
            Process drain = start("--pid", Integer.toString(holder.pid()), "--fd", "5", "--follow");
            try {
                Await.until("the line is taken", () -> Files.size(rest) == "line\n".length());
                holder.kill();
                assertEquals(0, drain.waitFor());
            } finally {
                drain.destroyForcibly().onExit().join();
            }
        }
    }

    @Test
    void readerThatGoesOnEndsTheDrain() throws Exception {
        try (TestProcess shell = TestProcess.shellWithoutPipes(
                "{ echo first; exec tail -f /dev/null; } | { sh -c 'kill -STOP $$; exec sleep 1000'; }")) {
            int writer = shell.awaitDescendant("tail");
            List<Integer> stopped = new ArrayList<>();
            Await.until("the reader is stopped", () -> {
                ProcessHandle.of(shell.pid()).orElseThrow().descendants().forEach(handle -> add(handle, stopped));
                return !stopped.isEmpty();
            });
            Process drain = start("--pid", Integer.toString(writer), "--fd", "1", "--follow");
            try {
                Await.until("the queued line is taken", () -> Files.size(rest) == "first\n".length());
                assertTrue(drain.isAlive());
                ChildRun.of(List.of("kill", "-CONT", stopped.get(0).toString()));
                assertEquals(1, drain.waitFor());
                String said = Files.readString(read);
                assertTrue(said.contains("took 6 bytes out of pipe "), said);
                assertTrue(said.contains("process " + stopped.get(0) + " (") && said.contains(" now: nothing more is taken"), said);
            } finally {
                drain.destroyForcibly().onExit().join();
            }
        }
    }

    private static void add(ProcessHandle handle, List<Integer> stopped) {
        try {
            if (TestProcess.state((int) handle.pid()) == 'T') {
                stopped.add((int) handle.pid());
            }
        } catch (IOException e) {
            return; // It has ended.
        }
    }

    @Test
    void interruptEndsAFollowedDrainWithWhatItTook() throws Exception {
        try (PipeHolder holder = PipeHolder.of("-", "5", "in flight")) {
            Process drain = start("--pid", Long.toString(holder.pid()), "--fd", "5", "--follow");
            try {
                Await.until("the bytes are taken", () -> Files.size(rest) == "in flight".length());
                ChildRun.of(List.of("kill", "-INT", Long.toString(drain.pid())));
                assertTrue(drain.waitFor(60, TimeUnit.SECONDS), "it goes on: does this JVM ignore SIGINT, as in the background of a shell?");
                assertEquals(130, drain.exitValue());
                assertTrue(Files.readString(read).contains("took 9 bytes out of pipe "), Files.readString(read));
            } finally {
                drain.destroyForcibly().onExit().join();
            }
        }
    }

    /** Starts a drain whose output is {@link #rest}, and whose messages are in {@link #read}. */
    private Process start(String... arguments) throws IOException {
        List<String> command = CommandRun.java(System.getProperty("java.class.path"), Main.class.getName());
        command.add("drain");
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectInput(new java.io.File("/dev/null")).redirectOutput(rest.toFile())
                .redirectError(read.toFile()).start();
    }

    @Test
    void bytesThatNobodyReadsAreTakenByAReadEndThatIsOpenedForThat() throws Exception {
        try (PipeHolder holder = PipeHolder.of("-", "5", "in flight")) {
            CommandRun run = CommandRun.of("drain", "--pid", holder.pid(), "--fd", 5);
            assertEquals(0, run.exitStatus, run.err);
            assertEquals("in flight", run.out);
            assertTrue(run.err.contains("took 9 bytes"), run.err);
        }
    }

    @Test
    void writeEndIsDrainedThroughTheReadEndOfAStoppedProcess() throws Exception {
        try (StoppedReader stopped = new StoppedReader(MIB)) {
            int writer = stopped.shell.awaitDescendant("cat");
            CommandRun run = CommandRun.of("drain", "--pid", writer, "--fd", 1, "-o", rest);
            assertEquals(0, run.exitStatus, run.err);
            assertEquals(CAPACITY, Files.size(rest));
            stopped.assertWhole(Files.readAllBytes(rest));
        }
    }

    @Test
    void processThatWaitsForAReaderIsNotLetThrough() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertEquals(0, ChildRun.of(List.of("mkfifo", fifo.toString())).exitStatus());
        String script = "exec 4<>'" + fifo + "' 5>'" + fifo + "'; echo line >&5; exec 4<&-; exec sleep 1000";
        try (TestProcess writer = TestProcess.shellWithoutPipes(script).awaitBecome("sleep");
                TestProcess waiting = TestProcess.shellWithoutPipes("echo more > '" + fifo + "'")) {
            Await.until("it waits in open", () -> Files.readString(Path.of("/proc/" + waiting.pid() + "/wchan")).contains("fifo")
                    || Files.readString(Path.of("/proc/" + waiting.pid() + "/wchan")).contains("wait_for_partner"));
            CommandRun.of("drain", "--pid", writer.pid(), "--fd", 5).failed(
                    1, "process " + waiting.pid() + " waits in open until somebody does");
            TestProcess.awaitQueued(writer.pid(), 5, "line\n".length());
            assertTrue(waiting.isAlive());
        }
    }

    @Test
    void fullFileSystemLosesNothing() throws Exception {
        Host.assumeMountNamespaces();
        Path mounted = Files.createDirectory(directory.resolve("mounted"));
        try (StoppedReader stopped = new StoppedReader(MIB)) {
            String script = "mount -t tmpfs -o size=16k tmpfs '" + mounted + "' || exit " + MOUNT_REFUSED
                    + "; \"$@\"; echo status=$? >&2; cat '" + mounted + "'/*";
            CommandRun run = CommandRun.through(
                    List.of("unshare", "-m", "sh", "-c", script, "sh"),
                    "drain", "--pid", stopped.reader, "--fd", 0, "-o", mounted.resolve("rest"));
            assertNotEquals(MOUNT_REFUSED, run.exitStatus, run.err);
            assertTrue(run.err.contains("rest: no space is left") && run.err.endsWith("status=1\n"), run.err);
            assertTrue(run.err.contains("bytes taken and written: " + run.outBytes.length + ", left in the pipe: "), run.err);
            stopped.assertWhole(run.outBytes);
        }
    }

    @Test
    void outputWhoseReaderGoesAwayTakesNoMoreThanItTook() throws Exception {
        try (StoppedReader stopped = new StoppedReader(CAPACITY)) {
            CommandRun run = CommandRun.shell(
                    "{ \"$@\"; echo status=$? >&2; } | exec sleep 0", "drain", "--pid", stopped.reader, "--fd", 0);
            assertTrue(run.err.contains("status=141\n") && run.err.contains("the reader of standard output has gone away"), run.err);
            int taken = Integer.parseInt(run.err.replaceAll("(?s).*taken and written: (\\d+), left in the pipe.*", "$1"));
            TestProcess.awaitQueued(stopped.reader, 0, CAPACITY - taken);
        }
    }

    @Test
    void existingFileIsNotOverwritten() throws Exception {
        Files.writeString(rest, "precious");
        try (PipeHolder holder = PipeHolder.of("-", "5", "in flight")) {
            CommandRun.of("drain", "--pid", holder.pid(), "--fd", 5, "-o", rest).failed(1, "which is not overwritten");
            TestProcess.awaitQueued((int) holder.pid(), 5, "in flight".length());
        }
        assertEquals("precious", Files.readString(rest));
    }

    @Test
    void packetsComeWholeAndTheirEndsAreSaidToBeLost() throws Exception {
        String script = "import fcntl, os, sys\nr, w = os.pipe2(os.O_DIRECT)\n"
                + "[os.write(w, b) for b in (b'one ', b'two ', b'three')]\nos.dup2(w, 20)\nos.close(r); os.close(w)\n"
                + "print('ready', flush=True)\nimport time; time.sleep(1000)";
        Host.assumeTool("python3");
        for (String through : List.of("\"$@\"", "\"$@\" | dd bs=1 2>/dev/null")) {
            try (TestProcess process = TestProcess.of(List.of("python3", "-c", script)).awaitOutput("ready")) {
                CommandRun run = CommandRun.shell(through, "drain", "--pid", process.pid(), "--fd", 20);
                assertEquals("one two three", run.out, run.err);
                assertTrue(run.err.contains("its bytes are packets, whose ends are not kept"), run.err);
            }
        }
    }

    @Test
    void unsuitableProcessOrDescriptorIsRefusedInOneLine() throws Exception {
        try (PipeHolder holder = PipeHolder.of("3", "-", "payload")) {
            String process = "process " + holder.pid();
            CommandRun.here("drain", "--pid", holder.pid(), "--fd", 9).failed(1, "descriptor 9 of " + process + ": it is not open");
            CommandRun.here("drain", "--pid", holder.pid(), "--fd", 0).failed(1, process + ": not a pipe, but the character device");
        }
        CommandRun.here("drain", "--pid", 2, "--fd", 0).failed(1, "process 2: a kernel thread");
        CommandRun.here("drain", "--pid", ProcessHandle.current().pid(), "--fd", 0).failed(2, "which is this process");
        CommandRun.here("drain", "--pid", 0, "--fd", 0).failed(2, "'0' is no pid");
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        CommandRun.here("drain", "--pid", ended.pid(), "--fd", 0).failed(1, "process " + ended.pid() + ": there is no such process");
        CommandRun.here("drain", "--fd", 0).failed(2, "--pid");
    }

    @Test
    void payloadIsNeverReadOrWritten() throws Exception {
        Host.assumeTool("strace");
        String marker = "MARKEDPAYLOAD";
        Path trace = directory.resolve("trace");
        try (PipeHolder holder = PipeHolder.of("-", "5", marker.repeat(500))) {
            CommandRun run = CommandRun.through(
                    List.of("strace", "-f", "-qq", "-e", "trace=read,write,readv,writev,pread64,pwrite64,splice,tee", "-o", trace.toString()),
                    "drain", "--pid", holder.pid(), "--fd", 5, "-o", rest);
            assertEquals(0, run.exitStatus, run.err);
            assertEquals(marker.repeat(500), Files.readString(rest));
        }
        String calls = Files.readString(trace, StandardCharsets.ISO_8859_1);
        assertTrue(calls.contains("splice("), "no splice was seen");
        assertFalse(calls.contains("MARKED"), () -> calls.lines().filter(line -> line.contains("MARKED")).findFirst().orElse(""));
    }
}
