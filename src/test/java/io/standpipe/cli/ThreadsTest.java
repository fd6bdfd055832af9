// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Image;
import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.Restore;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Kernel;
import io.standpipe.testkit.RefusedCalls;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes whose leading thread has ended, and threads with fd tables of their own. */
@ExtendWith(DescriptorLeakCheck.class)
class ThreadsTest {

    /**
     * Has a pipe with nine bytes at fds 5 and 6, and a second thread. With the argument "ended" the leading thread ends; with "own"
     * the second one leaves the fd table, and the leading one closes fd 6; with "busy" the second one opens and closes files all the time.
     */
    private static final String PROGRAM = String.join("\n",
            "#define _GNU_SOURCE",
            "#include <fcntl.h>",
            "#include <pthread.h>",
            "#include <sched.h>",
            "#include <unistd.h>",
            "static volatile int own, busy, left;",
            "static void *second(void *none) {",
            "  if (own) left = unshare(CLONE_FILES) == 0;",
            "  while (busy) close(open(\"/dev/null\", O_RDONLY));",
            "  for (;;) pause(); }",
            "int main(int argc, char **argv) {",
            "  int ends[2]; pthread_t thread;",
            "  own = argv[1][0] == 'o'; busy = argv[1][0] == 'b';",
            "  if (pipe(ends) || dup2(ends[1], 6) < 0 || dup2(ends[0], 5) < 0 || write(6, \"in flight\", 9) != 9) return 1;",
            "  if (ends[0] != 5) close(ends[0]);",
            "  if (ends[1] != 6) close(ends[1]);",
            "  pthread_create(&thread, 0, second, 0);",
            "  if (!own && !busy) pthread_exit(0);",
            "  while (own && !left) usleep(1000);",
            "  if (own) close(6);",
            "  for (;;) pause(); }");

    @TempDir
    static Path programs;

    private static Path program;

    @TempDir
    Path directory;

    private Path image;

    @BeforeAll
    static void compile() throws Exception {
        program = CCode.program(programs, PROGRAM, "-pthread");
    }

    @BeforeEach
    void otherProcessesCanBeSaved() {
        Host.assumeUnrelatedProcessesCanBeSaved();
        image = directory.resolve("app.ckpt");
    }

    @Test
    void processWhoseLeadingThreadHasEndedIsSavedAsAnyOther() throws Exception {
        assumePidfdsOfThreads();
        try (TestProcess process = start("ended")) {
            assertEquals('Z', process.state());
            CommandRun.of("checkpoint", "--tree", process.pid(), "-o", image).failed(0, "behind 2 descriptors of process ");
            assertEquals(List.of((long) process.pid()), pids());
            assertEquals("in flight", CommandRun.here("peek", "--pid", process.pid(), "--fd", 6).succeeded().out.trim());
        }
        assertEquals("in flight", CommandRun.of("restore", image, "--", "sh", "-c", "exec 6>&-; cat <&5").succeeded().out);
    }

    @Test
    void threadWithATableOfItsOwnIsSavedWithIt() throws Exception {
        assumePidfdsOfThreads();
        try (TestProcess process = start("own")) {
            int thread = secondThread(process);
            String said = CommandRun.of("checkpoint", "--pid", process.pid(), "-o", image).err;
            assertTrue(said.contains("behind 3 descriptors of 2 processes"), said);
            assertTrue(said.endsWith("thread " + thread + " of process " + process.pid()
                    + " has a table of descriptors of its own: it is saved as process " + thread + "\n"), said);
            Image saved = Restore.from(image).check();
            assertEquals(List.of((long) process.pid(), (long) thread), pids());
            assertEquals(process.pid(), saved.processes().get(1).threadGroup());
            assertEquals(6, saved.processes().get(1).table().descriptors().get(1).fd());
        }
    }

    @Test
    void tablesAreToldApartByTheirFdsWithoutKcmp() throws Exception {
        assumePidfdsOfThreads();
        List<String> withoutKcmp = RefusedCalls.in(directory).refusing("kcmp");
        try (TestProcess own = start("own"); TestProcess busy = start("busy")) {
            CommandRun run = CommandRun.through(withoutKcmp, "checkpoint", "--pid", own.pid(), "-o", image);
            assertTrue(run.err.contains("behind 3 descriptors of 2 processes"), run.err);
            run = CommandRun.through(withoutKcmp, "checkpoint", "--pid", busy.pid(), "-o", image);
            assertTrue(run.err.contains("behind 2 descriptors of process " + busy.pid()), run.err);
        }
    }

    /** On any kernel: it refuses what Linux before 6.9 does not know. */
    @ParameterizedTest
    @ValueSource(strings = {"ended", "own"})
    void processWithSuchAThreadIsRefusedByNameBeforeLinux69(String what) throws Exception {
        try (TestProcess process = start(what)) {
            CommandRun.through(RefusedCalls.in(directory).refusing("PIDFD_THREAD=EINVAL"), "checkpoint", "--pid", process.pid(), "-o", image)
                    .failed(4, "process " + process.pid() + ": thread " + secondThread(process), "needs Linux 6.9 or later (PIDFD_THREAD)");
            assertFalse(Files.exists(image));
            assertTrue(process.isAlive());
        }
    }

    private static void assumePidfdsOfThreads() {
        Kernel.assumeAtLeast(6, 9, "threads have no pidfds");
    }

    @Test
    void threadInPlaceOfAProcessIsRefusedWithTheProcess() throws Exception {
        try (TestProcess process = start("own")) {
            int thread = secondThread(process);
            String said = "process " + thread + ": not a process, but a thread of process " + process.pid() + ": name that one";
            CommandRun.here("checkpoint", "--pid", thread, "-o", image).failed(1, said);
            CommandRun.here("peek", "--pid", thread, "--fd", 5).failed(1, said);
            CommandRun.here("list", "--pid", thread).failed(1, said);
        }
    }

    @Test
    void threadThatHoldsAnEndIsNamed() throws Exception {
        assumePidfdsOfThreads();
        try (TestProcess ended = start("ended"); TestProcess reader = reader(ended); TestProcess own = start("own")) {
            assertRefused(reader, 7, ended);
            assertRefused(own, 5, own);
            assertTrue(holders(reader).stream().anyMatch(holder -> holder.pid() == ended.pid() && holder.fd() == 6));
            int thread = secondThread(own);
            assertTrue(holders(own).stream().anyMatch(holder -> holder.thread() == thread && holder.fd() == 6));
            String listed = CommandRun.here("list", "--pid", own.pid()).out;
            assertTrue(listed.matches("(?s).* process " + own.pid() + " \\([^\n]*\\), user [^\n]*, thread " + thread + ", fd 6.*"), listed);
        }
    }

    /** Asserts that a process's fd is not saved with --strict, because of fd 5 of another process's second thread. */
    private void assertRefused(TestProcess process, int fd, TestProcess holder) throws Exception {
        CommandRun.of("checkpoint", "--pid", process.pid(), "--fd", fd, "--strict", "-o", image).failed(
                1, ": the read end is held by thread " + secondThread(holder) + " of process " + holder.pid() + ", descriptor 5,");
    }

    private static TestProcess start(String what) throws Exception {
        TestProcess process = TestProcess.shellWithoutPipes("exec '" + program + "' " + what);
        Await.until("the thread is alone", () -> !what.equals("own")
                ? (process.state() == 'Z') == what.equals("ended") && secondThread(process) > 0
                : !Files.exists(Path.of("/proc/" + process.pid() + "/fd/6")) && secondThread(process) > 0);
        return process;
    }

    private static int secondThread(TestProcess process) throws Exception {
        return ProcDirectory.threads(process.pid()).stream()
                .filter(thread -> thread != process.pid() && Files.exists(Path.of("/proc/" + thread + "/fd/6")))
                .findFirst().orElseThrow();
    }

    /** Starts a process that has the pipe's read end at fd 7, and nothing else of it. */
    private static TestProcess reader(TestProcess process) throws Exception {
        return TestProcess.shellWithoutPipes("exec 7</proc/" + secondThread(process) + "/fd/5; exec sleep 1000")
                .awaitBecome("sleep");
    }

    private static List<LivePipe.Holder> holders(TestProcess reader) throws Exception {
        return LivePipes.find().of(reader.pid()).get(0).holders();
    }

    private List<Long> pids() throws Exception {
        return Restore.from(image).check().processes().stream().map(Image.Process::pid).toList();
    }
}
