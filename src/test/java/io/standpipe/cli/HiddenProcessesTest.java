// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A user to whom a /proc with the mount option hidepid shows no processes but the user's own. */
@ExtendWith(DescriptorLeakCheck.class)
class HiddenProcessesTest {

    @TempDir
    Path directory;

    private OtherUser user;

    @BeforeEach
    void makeUser() throws Exception {
        user = OtherUser.in(directory);
        Host.assumeMountNamespaces();
    }

    @Test
    void hiddenProcessIsRefusedAsSuch() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            for (int option = 1; option <= 2; option++) {
                run(option, "checkpoint", "--pid", process.pid(), "-o", directory.resolve("app.ckpt"))
                        .failed(4, "process " + process.pid() + ": it is another user's, and hidden by the mount option hidepid");
            }
        }
    }

    @Test
    void strictIsRefusedWhereHoldersMayBeHidden() throws Exception {
        String pipeline = String.join(" ", user.command("sh", "-c", "'sleep 1000 | sleep 1001'"));
        try (TestProcess process = TestProcess.shellWithoutPipes("exec " + pipeline)) {
            process.awaitDescendant("sleep");
            Path output = user.directory("output").resolve("app.ckpt");
            run(2, "checkpoint", "--tree", process.pid(), "--strict", "-o", output)
                    .failed(4, "hidden by the mount option hidepid of /proc; run as root");
            CommandRun run = run(2, "checkpoint", "--tree", process.pid(), "-o", output);
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.err.contains("not looked at, and may hold ends too: processes of other users, hidden by"), run.err);
        }
    }

    @Test
    void listSaysThatProcessesAreHidden() throws Exception {
        CommandRun run = run(2, "list");
        assertEquals(0, run.exitStatus, run.err);
        assertTrue(run.err.contains("not looked at, and may hold ends too: processes of other users, hidden by"), run.err);
    }

    private CommandRun run(int hidepid, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "unshare", "-m", "sh", "-c", "mount -t proc -o hidepid=" + hidepid + " none /proc && exec \"$@\"", "sh"));
        command.addAll(user.java(Main.class));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return CommandRun.program(command);
    }
}
