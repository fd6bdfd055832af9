// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** External holders are refused with --strict, and otherwise recorded in the image. */
@ExtendWith(DescriptorLeakCheck.class)
class StrictTest {

    /** Has the read end of a pipe at fd 15, whose write end is in flight from fd 17 to fd 18, which are sockets; becomes sleep. */
    private static final String IN_FLIGHT = String.join("\n",
            "#include <string.h>",
            "#include <sys/socket.h>",
            "#include <unistd.h>",
            "int main(void) {",
            "  int ends[2], sockets[2];",
            "  char space[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;",
            "  struct iovec bytes = {&byte, 1};",
            "  struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};",
            "  struct cmsghdr *rights = CMSG_FIRSTHDR(&message);",
            "  if (pipe(ends) || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets)) return 1;",
            "  rights->cmsg_level = SOL_SOCKET; rights->cmsg_type = SCM_RIGHTS; rights->cmsg_len = CMSG_LEN(sizeof(int));",
            "  memcpy(CMSG_DATA(rights), &ends[1], sizeof(int));",
            "  if (sendmsg(sockets[0], &message, 0) != 1) return 1;",
            "  dup2(ends[0], 15); dup2(sockets[0], 17); dup2(sockets[1], 18);",
            "  close(ends[0]); close(ends[1]); close(sockets[0]); close(sockets[1]);",
            "  execl(\"/bin/sleep\", \"sleep\", \"1000\", (char *)0);",
            "  return 1; }");

    @TempDir
    Path directory;

    private Path image;

    @BeforeEach
    void otherProcessesCanBeSaved() {
        Host.assumeUnrelatedProcessesCanBeSaved();
        image = directory.resolve("app.ckpt");
    }

    @Test
    void pipeWithExternalWriterIsRefusedAndNothingIsWritten() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            CommandRun.of("checkpoint", "--pid", process.pid(), "--fd", "0", "--strict", "-o", image)
                    .failed(1, ": the write end is held by process " + ProcessHandle.current().pid() + ", descriptor ");
            assertEquals(0, directory.toFile().list().length);
            assertTrue(shown(process, 0).endsWith(" bytes, write end held by others"));
        }
    }

    @Test
    void fifoWithExternalReaderIsRefusedAndNothingIsWritten() throws Exception {
        Path fifo = directory.resolve("f");
        String script = "mkfifo '" + fifo + "'; exec 5<>'" + fifo + "'; exec sleep 1000";
        try (TestProcess process = TestProcess.shellWithoutPipes(script).awaitBecome("sleep");
                TestProcess other = TestProcess.shellWithoutPipes("exec 6<'" + fifo + "' 7>&1; exec sleep 1000")
                        .awaitBecome("sleep")) {
            CommandRun.of("checkpoint", "--pid", process.pid(), "--strict", "-o", image)
                    .failed(1, ": the read end is held by process " + other.pid() + ", descriptor 6, which is not to be");
            assertFalse(Files.exists(image));
            assertTrue(shown(process, 5).endsWith(" bytes, read end held by others"));
        }
    }

    @Test
    void endInFlightInASocketIsRefused() throws Exception {
        Host.assumeRoot();
        Path program = CCode.program(directory, IN_FLIGHT);
        try (TestProcess process = TestProcess.shellWithoutPipes("exec '" + program + "'").awaitBecome("sleep")) {
            CommandRun.of("checkpoint", "--pid", process.pid(), "--strict", "-o", image).failed(
                    1, "the write end is not to be saved, and is held by somebody who was not found",
                    "descriptors that are in flight in a socket (process " + process.pid() + ", descriptor 18)");
            assertFalse(Files.exists(image));
        }
    }

    @Test
    void endHeldByAnotherUserIsRefused() throws Exception {
        OtherUser user = OtherUser.in(directory);
        Path output = user.directory("output").resolve("app.ckpt");
        try (TestProcess process = TestProcess.of(List.of(user.command("sleep", "1000"))).awaitBecome("sleep")) {
            user.run("checkpoint", "--pid", process.pid(), "--fd", "0", "--strict", "-o", output).failed(
                    1, "the write end is not to be saved, and is held by somebody who was not found",
                    "processes that this user may not look at: ");
            user.run("checkpoint", "--pid", process.pid(), "--fd", "1", "--strict", "--freeze", "none", "-o", output)
                    .failed(1, "the read end is not to be saved, and is held by somebody who was not found");
            assertFalse(Files.exists(output));
        }
    }

    @Test
    void pipeWhoseEndsAreBothSavedIsRefusedIfNotAllProcessesCanBeLookedAt() throws Exception {
        OtherUser user = OtherUser.in(directory);
        Path output = user.directory("output").resolve("app.ckpt");
        String pipeline = String.join(" ", user.command("sh", "-c", "'sleep 1000 | exec sleep 1001'"));
        try (TestProcess process = TestProcess.shellWithoutPipes("exec " + pipeline)) {
            process.awaitDescendant("sleep");
            user.run("checkpoint", "--tree", process.pid(), "--strict", "-o", output).failed(
                    4, "whether others hold an end too is not known (--strict)", "run as root");
            assertFalse(Files.exists(output));
            CommandRun run = CommandRun.of("checkpoint", "--tree", process.pid(), "--strict", "-o", image);
            assertEquals(0, run.exitStatus, run.err);
        }
    }

    @Test
    void endHeldOutsideOfThePidNamespaceIsRefused() throws Exception {
        Host.assumeMountNamespaces();
        String inside = "exec 3<&0; sleep 1000 <&3 3<&- & exec 3<&- </dev/null; \"$@\" checkpoint --pid $! --fd 0 --strict --freeze none -o /none/x;"
                + " status=$?; kill $!; exit $status";
        try (TestPipe pipe = TestPipe.holding("in flight")) {
            CommandRun.shell("exec unshare -fp --mount-proc sh -c '" + inside + "' sh \"$@\" </proc/"
                            + ProcessHandle.current().pid() + "/fd/" + pipe.readFd())
                    .failed(1, "the write end is not to be saved", "processes outside of this pid namespace");
        }
    }

    /** Saves without --strict; returns what show prints about the image. */
    private String shown(TestProcess process, int number) throws Exception {
        Checkpoint.ofProcess(process.pid(), number).lookingForOthers().writeTo(image);
        return CommandRun.here("show", image).succeeded().out.trim().replaceFirst(", was (pipe|inode) \\d+$", "");
    }
}
