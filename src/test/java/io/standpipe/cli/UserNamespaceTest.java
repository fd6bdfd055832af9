// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.SignalOwner;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestPipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoint and restore by a user who is root only in a user namespace, as in a rootless container. */
@ExtendWith(DescriptorLeakCheck.class)
class UserNamespaceTest {

    private static final List<String> ENTER = List.of("unshare", "--user", "--map-root-user");

    @TempDir
    Path directory;

    @BeforeEach
    void thereAreUserNamespaces() throws Exception {
        Host.assumeUserNamespaces();
    }

    @Test
    void pipelineInTheNamespaceIsSavedAndRestored() throws Exception {
        CommandRun run = CommandRun.through(ENTER, "demo");
        assertEquals(0, run.exitStatus, run.out + run.err);
    }

    @Test
    void ownerThatIsNotMappedIsRefusedUnlessBestEffort() throws Exception {
        Host.assumeRoot();
        Path image = directory.resolve("app.ckpt");
        try (TestPipe pipe = TestPipe.holding("owned by another user")) {
            FdCalls.setInodeOwner(pipe.readFd(), 1000, 1000);
            Checkpoint.ofDescriptors(pipe.readFd()).writeTo(image);
            String[] command = {"--", "cat", "/proc/self/fd/" + pipe.readFd()};
            CommandRun.through(ENTER, "restore", image, command[0], command[1], command[2])
                    .failed(125, "its owner and group cannot be set", "not mapped in this user namespace: map it, or", "--best-effort");
            CommandRun run = CommandRun.through(ENTER, "restore", image, "--best-effort", command[0], command[1], command[2]);
            assertEquals("owned by another user", run.out);
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.err.contains("belongs to user 0 and group 0 instead of 1000 and 1000"), run.err);
        }
    }

    @Test
    void processGroupOutsideOfThePidNamespaceIsRefusedAsReceiverOfSignals() throws Exception {
        Host.assumeRoot(); // The pipe of another user belongs to nobody who is mapped there, which is refused first.
        List<String> enter = List.of("unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child");
        Path image = directory.resolve("app.ckpt");
        try (TestPipe pipe = TestPipe.open()) {
            int group = ProcessStatus.of((int) ProcessHandle.current().pid()).processGroup();
            FdCalls.setSignalOwner(pipe.readFd(), new SignalOwner(SignalOwner.GROUP, group));
            Checkpoint.ofDescriptors(pipe.readFd()).writeTo(image);
            CommandRun.through(enter, "restore", image, "--", "true")
                    .failed(125, "process group " + group, "outside of its pid namespace; start it by setsid, or go on without");
            List<String> inSession = new ArrayList<>(enter);
            inSession.addAll(List.of("setsid", "--wait"));
            CommandRun.through(inSession, "restore", image, "--", "true").succeeded();
        }
    }

    @Test
    void ownerThatIsNotMappedIsNotedWhenItIsSaved() throws Exception {
        Host.assumeRoot();
        Path image = directory.resolve("app.ckpt");
        String inside = "exec 3<&0; sleep 1000 <&3 3<&- & exec 3<&- </dev/null; \"$@\" checkpoint --pid $! --fd 0 -o " + image
                + "; status=$?; kill $!; exit $status";
        try (TestPipe pipe = TestPipe.holding("owned by another user")) {
            FdCalls.setInodeOwner(pipe.readFd(), 1000, 1000);
            CommandRun run = CommandRun.shell("exec " + String.join(" ", ENTER) + " sh -c '" + inside + "' sh \"$@\" </proc/"
                    + ProcessHandle.current().pid() + "/fd/" + pipe.readFd());
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.err.contains(": its owner or group is not mapped in this user namespace; saved are user 65534"), run.err);
        }
    }

    @Test
    void processOutsideTheNamespaceIsRefused() throws Exception {
        CommandRun run = CommandRun.through(
                ENTER, "checkpoint", "--pid", ProcessHandle.current().pid(), "--fd", "0", "-o", "/dev/null/none.ckpt");
        assertTrue(run.exitStatus != 0, run.out);
        assertTrue(run.err.contains("its descriptors may not be copied"), run.err);
    }

    /** The kernel asks for CAP_SYS_RESOURCE in the initial namespace, which root of another one does not have. */
    @Test
    void checkFindsTheLimitsOfPipesThatApplyInTheNamespace() throws Exception {
        CommandRun run = CommandRun.through(ENTER, "check");
        assertTrue(run.out.contains("raise /proc/sys/fs/pipe-max-size for pipes that are larger"), run.out + run.err);
        assertTrue(run.out.contains("pipe pages"), run.out);
        assertFalse(run.out.contains("CAP_SYS_RESOURCE: any"), run.out);
    }
}
