// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.testkit.Alone;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code standpipe list}, and {@link LivePipes} behind it. */
@Alone("it has copies of all ends on the machine for a moment, which others would take for holders")
@ExtendWith(DescriptorLeakCheck.class)
class ListCommandTest {

    private static final String USER = "user " + System.getProperty("user.name");

    @TempDir
    Path directory;

    @BeforeEach
    void otherProcessesCanBeLookedAt() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    @Test
    void fullPipeIsListedWithHoldersAndBlockedWriter() throws Exception {
        try (TestProcess shell = TestProcess.shellWithoutPipes("yes | exec sleep 1000")) {
            int reader = shell.awaitDescendant("sleep");
            int writer = shell.awaitDescendant("yes");
            awaitBlocked(writer);
            List<String> lines = CommandRun.of("list", "--pid", reader).outLines();
            assertTrue(
                    lines.get(0).matches("pipe \\d+  \\[#{20}] 65,536 of 65,536 bytes, full, and nobody takes from it"), lines.get(0));
            assertEquals(
                    List.of("  write  process " + writer + " (yes), " + USER + ", fd 1: waits for room in write",
                            "  read   process " + reader + " (sleep 1000), " + USER + ", fd 0: waits elsewhere: a timer (clock_nanosleep)"),
                    lines.subList(1, 3).stream().sorted(Comparator.reverseOrder()).toList());
            assertEquals(3, lines.size());
            TestProcess.awaitQueued(reader, 0, 65_536);
        }
    }

    @Test
    void readerOfEmptyPipeIsBlocked() throws Exception {
        try (TestProcess shell = TestProcess.shellWithoutPipes("sleep 1000 | cat")) {
            int reader = shell.awaitDescendant("cat");
            awaitBlocked(reader);
            LivePipe pipe = LivePipes.find().of(reader).get(0);
            assertEquals(OptionalInt.of(0), pipe.queuedBytes());
            assertEquals(OptionalInt.of(65_536), pipe.capacityBytes());
            for (LivePipe.Holder holder : pipe.holders()) {
                assertEquals(holder.pid() == reader, holder.activity().isWaitingHere(), holder.toString());
            }
        }
    }

    @Test
    void threadInSpliceIsBlockedOnlyAtItsInput() throws Exception {
        String program = "#define _GNU_SOURCE\n#include <fcntl.h>\n#include <unistd.h>\n"
                + "int main(void) { for (;;) if (splice(0, 0, 1, 0, 4096, 0) <= 0) return 0; }\n";
        Path splicing = CCode.program(directory, program);
        try (TestProcess process = TestProcess.of(List.of(splicing.toString()))) {
            awaitBlocked(process.pid());
            for (LivePipe pipe : LivePipes.find().of(process.pid())) {
                for (LivePipe.Holder holder : pipe.holders()) {
                    assertEquals(holder.pid() == process.pid() && holder.fd() == 0, holder.activity().isWaitingHere(), holder.toString());
                }
            }
        }
    }

    @Test
    void idleFifoIsListedWithItsPath() throws Exception {
        Path fifo = directory.resolve("a fifo");
        String script = "mkfifo '" + fifo + "'; exec 5<>'" + fifo + "' 6>'" + fifo + "'; echo 1234567 >&5; exec sleep 1000";
        try (TestProcess process = TestProcess.shellWithoutPipes(script).awaitBecome("sleep")) {
            String holder = "process " + process.pid() + " (sleep 1000), " + USER + ", fd ";
            Object ino = Files.getAttribute(fifo, "unix:ino");
            assertEquals(
                    List.of("FIFO " + fifo + " (pipe " + ino + ")  [#...................] 8 of 65,536 bytes, idle",
                            "  both   " + holder + "5: waits elsewhere: a timer (clock_nanosleep)",
                            "  write  " + holder + "6: waits elsewhere: a timer (clock_nanosleep)"),
                    CommandRun.here("list", "--pid", process.pid()).outLines());
        }
    }

    @Test
    void fullPipeWhoseReaderIsStoppedIsNotIdle() throws Exception {
        String script = "{ head -c 65536 /dev/zero; exec sleep 1001; } | { kill -STOP $(sh -c 'echo $PPID'); exec sleep 1000; }";
        try (TestProcess shell = TestProcess.shellWithoutPipes(script)) {
            int writer = shell.awaitDescendant("sleep");
            Await.until("its reader is stopped", () -> LivePipes.find().of(writer).get(0).state() == LivePipe.State.FULL_AND_NOT_READ);
            List<String> lines = CommandRun.here("list", "--pid", writer).outLines();
            assertTrue(lines.get(0).endsWith("65,536 of 65,536 bytes, full, and nobody takes from it"), lines.get(0));
            assertTrue(
                    lines.contains("  write  process " + writer + " (sleep 1001), " + USER + ", fd 1: waits elsewhere: a timer (clock_nanosleep)"),
                    lines.toString());
            assertTrue(lines.stream().anyMatch(line -> line.matches("  read   process \\d+ \\(sh -c .*\\), user \\w+, fd 0: stopped")), lines.toString());
        }
    }

    @Test
    void pipesWithoutReaderOrWriterAreNotIdle() throws Exception {
        Path fifo = directory.resolve("f");
        String script = "mkfifo '" + fifo + "'; exec 3<>'" + fifo + "' 4>'" + fifo + "' 3<&-; true | exec sleep 1000";
        try (TestProcess shell = TestProcess.shellWithoutPipes(script)) {
            int sleep = shell.awaitDescendant("sleep");
            Await.until("the writer is gone", () -> LivePipes.find().of(sleep).stream().anyMatch(LivePipe::writerless));
            List<String> lines = CommandRun.here("list", "--pid", sleep).outLines();
            assertTrue(
                    lines.stream().anyMatch(line -> line.startsWith("FIFO " + fifo + " (pipe ")
                            && line.endsWith(")  [....................] 0 of 65,536 bytes, no reader: a write fails with SIGPIPE")),
                    lines.toString());
            assertTrue(
                    lines.stream().anyMatch(line -> line.matches("pipe \\d+ .* 0 of 65,536 bytes, no writer: nothing more comes, and readers see the end of file")),
                    lines.toString());
        }
    }

    @Test
    void standardStreamsOfAProcessWithoutPipesAreNamed() throws Exception {
        try (TestProcess process = TestProcess.shellWithoutPipes("exec sleep 1000").awaitBecome("sleep")) {
            CommandRun run = CommandRun.here("list", "--pid", process.pid());
            assertEquals("", run.out);
            assertTrue(run.err.contains("process " + process.pid() + " holds no pipe: descriptor 0 is the file /dev/null, "), run.err);
        }
    }

    @Test
    void datagramSocketInPlaceOfAStandardStreamIsNamed() throws Exception {
        String program = "#include <sys/socket.h>\n#include <unistd.h>\n"
                + "int main(void) { dup2(socket(AF_UNIX, SOCK_DGRAM, 0), 1); execlp(\"sleep\", \"sleep\", \"1000\", (char *)0); return 1; }\n";
        String command = CCode.program(directory, program).toString();
        try (TestProcess process = TestProcess.of(List.of(command)).awaitBecome("sleep")) {
            CommandRun run = CommandRun.here("list", "--pid", process.pid());
            assertTrue(run.err.contains("process " + process.pid() + ": descriptor 1 is a Unix socket\n"), run.err);
        }
    }

    @Test
    void nameAndArgumentsOfAProcessDoNotReachTheTerminalAsTheyAre() throws Exception {
        Path program = Files.copy(Path.of("/bin/sleep"), directory.resolve("s\u001b[31m"));
        try (TestProcess process = TestProcess.of(List.of("bash", "-c", "exec -a 'a\u001b[2Jb\nc' \"$0\" 1000", program.toString()))) {
            Await.until("it runs", () -> CommandRun.here("list", "--pid", process.pid()).out.contains("waits elsewhere: a timer"));
            for (Object[] form : new Object[][] {{}, {"--blocked"}, {"--dot"}, {"--json"}, {"--columns", "name,command,explanation"}}) {
                Object[] arguments = Stream.concat(Stream.of("list", "--pid", process.pid()), Stream.of(form)).toArray();
                String out = CommandRun.here(arguments).out;
                assertFalse(out.contains("\u001b"), out);
            }
            String followed = CommandRun.here("list", "--follow", process.pid()).out;
            assertFalse(followed.contains("\u001b"), followed);
        }
    }

    @Test
    void onlyWhatIsStuckIsListedIfThatIsAskedFor() throws Exception {
        try (TestProcess full = TestProcess.shellWithoutPipes("yes | exec sleep 1000");
                TestProcess idle = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            int writer = full.awaitDescendant("yes");
            awaitBlocked(writer);
            String out = CommandRun.here("list", "--blocked").out;
            assertTrue(out.contains("process " + writer + " (yes)"), out);
            assertFalse(out.contains("process " + idle.pid() + " "), out);
            CommandRun none = CommandRun.here("list", "--blocked", "--pid", idle.pid());
            assertEquals("", none.out);
            assertTrue(none.err.contains("nothing is stuck, as far as could be looked at\n"), none.err);
        }
    }

    @Test
    void processesThatCannotBeLookedAtAreNamedWithTheRightThatIsMissing() throws Exception {
        OtherUser user = OtherUser.in(directory);
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            String err = user.run("list").err;
            assertTrue(err.matches("(?s).*processes \\d+ \\(.*\\), .* could not be looked at, and may hold ends too:"
                    + " they belong to user root \\(uid 0\\): run as that one, or as root with CAP_SYS_PTRACE\n.*"), err);
            assertTrue(process.isAlive());
        }
    }

    @Test
    void listWithoutPidListsEveryProcess() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            CommandRun run = CommandRun.of("list");
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.out.contains("  read   process " + process.pid() + " (sleep 1000), " + USER + ", fd 0"), run.out);
        }
    }

    @Test
    void listOfMissingProcessExitsWith1() throws Exception {
        CommandRun.here("list", "--pid", 4_000_000).failed(1, "process 4000000: there is no such process");
    }

    @Test
    void listOfAnotherUsersProcessExitsWith4() throws Exception {
        OtherUser user = OtherUser.in(directory);
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            user.run("list", "--pid", process.pid())
                    .failed(4, "process " + process.pid() + ": its descriptors may not be looked at");
        }
    }

    private static void awaitBlocked(int pid) {
        Await.until(pid + " is blocked", () -> LivePipes.find().of(pid).stream()
                .anyMatch(pipe -> pipe.holders().stream().anyMatch(holder -> holder.pid() == pid && holder.activity().isWaitingHere())));
    }
}
