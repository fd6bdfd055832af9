// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints by a user without privileges, who cannot inspect all processes and directories. */
@ExtendWith(DescriptorLeakCheck.class)
class InaccessibleProcessesTest {

    private static final Pattern UNSEEN =
            Pattern.compile("; processes that could not be looked at, and may hold ends too: ([1-9]\\d*)\n");

    @TempDir
    static Path directory;

    private static OtherUser user;
    private static Path image;

    @BeforeAll
    static void makeDirectory() throws Exception {
        user = OtherUser.in(directory);
        image = user.directory("output").resolve("app.ckpt");
    }

    @Test
    void inaccessibleProcessesAreCounted() throws Exception {
        try (TestProcess process = ofUser("exec 5</dev/null; ")) {
            int asUser = unseen(user.run("checkpoint", "--pid", process.pid(), "-o", image));
            int asUserStrictly = unseen(user.run("checkpoint", "--pid", process.pid(), "--strict", "-o", image));
            int asRoot = unseen(CommandRun.of("checkpoint", "--pid", process.pid(), "-o", image));
            assertTrue(asUser > asRoot && asUserStrictly > asRoot, asUser + ", " + asUserStrictly + ", " + asRoot);
        }
    }

    /** Returns the number of inaccessible processes that a run reports; it may be above 0 even for root. */
    private static int unseen(CommandRun run) {
        assertEquals(0, run.exitStatus, run.err);
        assertEquals(2, run.err.lines().count(), run.err);
        assertTrue(run.err.endsWith(" has no pipes\n"), run.err);
        Matcher said = UNSEEN.matcher(run.err);
        return said.find() ? Integer.parseInt(said.group(1)) : 0;
    }

    /** Root opened the FIFO: the user has the fd, and cannot resolve the path. */
    @Test
    void fifoInInaccessibleDirectoryIsNotTakenForUnlinked() throws Exception {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Host.run("chmod", "0700", closed.toString());
        String open = "mkfifo '" + closed + "/f' '" + closed + "/g'; exec 5<>'" + closed + "/f' 6<>'" + closed + "/g';"
                + " rm '" + closed + "/g'; ";
        try (TestProcess process = ofUser(open)) {
            CommandRun run = user.run("checkpoint", "--pid", process.pid(), "-o", image);
            assertEquals(0, run.exitStatus, run.err);
        }
        List<String> lines = CommandRun.here("show", image).succeeded().outLines();
        assertTrue(lines.get(3).endsWith(", FIFO " + closed + "/f"), lines.get(3));
        assertTrue(lines.get(4).endsWith(", FIFO " + closed + "/g (unlinked)"), lines.get(4));
    }

    private TestProcess ofUser(String script) throws Exception {
        String sleep = String.join(" ", user.command("sleep", "1000"));
        return TestProcess.shellWithoutPipes(script + "exec " + sleep).awaitBecome("sleep");
    }
}
