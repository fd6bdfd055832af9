// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes that the caller may not trace. */
@ExtendWith(DescriptorLeakCheck.class)
class PermissionTest {

    @TempDir
    Path directory;

    @BeforeEach
    void needsRoot() {
        Host.assumeRoot();
    }

    @Test
    void processOfAnotherUserExitsWith4AndNothingIsLeft() throws Exception {
        OtherUser user = OtherUser.in(directory);
        Path output = user.directory("output");
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            user.run("checkpoint", "--pid", holder.pid(), "-o", output.resolve("app.ckpt"))
                    .failed(4, "process " + holder.pid() + ": its descriptors may not be copied", "user root (uid 0)");
        }
        assertEquals(0, output.toFile().list().length);
    }

    /** The kernel keeps a process whose memory is gone from all but root, until its end is complete. */
    @Test
    void processOfATreeThatIsAboutToEndIsLeftOutForAUserToo() throws Exception {
        OtherUser user = OtherUser.in(directory);
        List<String> command = new ArrayList<>(user.java(SaveChangingTree.class));
        command.add(user.directory("output").resolve("app.ckpt").toString());
        assertEquals("saved\n", CommandRun.program(command).succeeded().out);
    }

    @Test
    void rootWithoutCapabilitiesIsRefusedPrivilegedProcess() throws Exception {
        Path output = Files.createDirectory(directory.resolve("output"));
        Host.assumeRootWith(Host.Capability.SETPCAP);
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            CommandRun.through(
                            List.of("setpriv", "--bounding-set=-all"),
                            "checkpoint", "--pid", holder.pid(), "-o", output.resolve("app.ckpt"))
                    .failed(4, "process " + holder.pid() + ": its descriptors may not be copied",
                            "which this process lacks");
        }
        assertEquals(0, output.toFile().list().length);
    }

    @Test
    void processOfAnotherUserInATreeIsNamed() throws Exception {
        OtherUser user = OtherUser.in(directory);
        Path output = user.directory("output").resolve("app.ckpt");
        String become = String.join(" ", user.command("sleep", "1000"));
        try (TestProcess process = TestProcess.shellWithoutPipes("sleep 1001 & exec " + become).awaitBecome("sleep")) {
            int child = process.awaitDescendant("sleep");
            user.run("checkpoint", "--tree", process.pid(), "-o", output)
                    .failed(4, "process " + child + ": its descriptors may not be copied; it belongs to user root (uid 0)",
                            "or save the other processes of the tree without it, by naming them");
            user.run("checkpoint", "--pid", process.pid(), "--freeze", "none", "-o", output);
            assertTrue(Files.exists(output));
        }
    }

    @Test
    void processThatIsNotDumpableIsRefusedAsSuch() throws Exception {
        OtherUser user = OtherUser.in(directory);
        Path output = user.directory("output");
        Path program = CCode.program(directory, "#include <sys/prctl.h>\n#include <unistd.h>\n"
                + "int main(void) { prctl(PR_SET_DUMPABLE, 0); write(1, \"ready\\n\", 6); return pause(); }");
        try (TestProcess process = TestProcess.of(List.of(user.command(program.toString()))).awaitOutput("ready")) {
            user.run("checkpoint", "--pid", process.pid(), "-o", output.resolve("app.ckpt"))
                    .failed(4, "process " + process.pid() + ": its descriptors may not be copied", "it is not dumpable");
        }
        assertEquals(0, output.toFile().list().length);
    }

    @Test
    void modeOfAPipeOfAnotherUserIsRefusedUnlessBestEffort() throws Exception {
        Path image = directory.resolve("app.ckpt");
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setInodeMode(pipe.readFd(), 0642);
            FdCalls.setInodeOwner(pipe.readFd(), 1000, 1000);
            Checkpoint.ofDescriptors(pipe.readFd()).writeTo(image);
        }
        withoutFowner("restore", image, "--", "true").failed(125, "its mode cannot be set to 0642", "grant CAP_FOWNER, or", "--best-effort");
        CommandRun run = withoutFowner("restore", image, "--best-effort", "--", "true");
        assertEquals(0, run.exitStatus, run.err);
        assertTrue(run.err.contains("has mode 0600 instead of 0642"), run.err);
    }

    @Test
    void noAtimeOfAFifoOfAnotherUserIsRefusedUnlessBestEffort() throws Exception {
        Path image = directory.resolve("app.ckpt");
        Path fifo = directory.resolve("f");
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, PathCalls.bytes(fifo.toString()), 0666);
        Files.setAttribute(fifo, "unix:uid", 1000);
        try (Fd end = FileCalls.open(FileCalls.CURRENT_DIRECTORY, fifo.toString(), Flags.O_RDWR, 0)) {
            FdCalls.setStatusFlags(end.number(), Flags.O_NOATIME);
            Checkpoint.ofDescriptors(end.number()).writeTo(image);
        }
        withoutFowner("restore", image, "--fifo-base", directory, "--", "true").failed(125, "O_NOATIME cannot be set", "--best-effort");
        CommandRun run = withoutFowner("restore", image, "--fifo-base", directory, "--best-effort", "--", "true");
        assertEquals(0, run.exitStatus, run.err);
        assertTrue(run.err.contains("has no O_NOATIME"), run.err);
    }

    private static CommandRun withoutFowner(Object... arguments) throws Exception {
        List<String> without = List.of("setpriv", "--bounding-set=-fowner");
        Host.assumeRootWith(Host.Capability.SETPCAP);
        return CommandRun.through(without, arguments);
    }
}
