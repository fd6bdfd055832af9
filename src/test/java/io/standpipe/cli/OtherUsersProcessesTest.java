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

/** What a user without privileges cannot see is said, and not guessed. */
@ExtendWith(DescriptorLeakCheck.class)
class OtherUsersProcessesTest {

    private static final Pattern UNSEEN =
            Pattern.compile("; processes that could not be looked at, and may hold ends too: ([1-9]\\d*)\n");

    @TempDir
    static Path folder;

    private static OtherUser user;
    private static Path image;

    @BeforeAll
    static void makeFolder() throws Exception {
        user = OtherUser.in(folder);
        image = user.folder("output").resolve("app.ckpt");
    }

    @Test
    void processesOfOtherUsersAreCountedAsNotLookedAt() throws Exception {
        try (TestProcess process = ofUser("exec 5</dev/null; ")) {
            int asUser = unseen(user.run("checkpoint", "--pid", process.pid(), "-o", image));
            int asUserStrictly = unseen(user.run("checkpoint", "--pid", process.pid(), "--strict", "-o", image));
            int asRoot = unseen(CommandRun.of("checkpoint", "--pid", process.pid(), "-o", image));
            assertTrue(asUser > asRoot && asUserStrictly > asRoot, asUser + ", " + asUserStrictly + ", " + asRoot);
        }
    }

    /** How many are said not to have been looked at; even root may not look at every one. */
    private static int unseen(CommandRun run) {
        assertEquals(0, run.exitStatus, run.err);
        assertEquals(1, run.err.lines().count(), run.err);
        Matcher said = UNSEEN.matcher(run.err);
        return said.find() ? Integer.parseInt(said.group(1)) : 0;
    }

    /** Root opened it: the user has the descriptor, and cannot follow the path. */
    @Test
    void fifoInAFolderThatIsClosedToTheUserHasNotLostItsName() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Host.assumeCommand("chmod", "0700", closed.toString());
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
