// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.Sysctl;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A user whose pipes have reached pipe-user-pages-soft: a new pipe of this user has one or two pages. */
@ExtendWith(DescriptorLeakCheck.class)
class UserPagesTest {

    private static final String SOFT = "/proc/sys/fs/pipe-user-pages-soft";
    private static final String HARD = "/proc/sys/fs/pipe-user-pages-hard";
    private static final int CONTENT_BYTES = 4_000;
    private static final int USUAL_BYTES = 65_536;
    private static final String COUNT = "head -c " + CONTENT_BYTES + " <&3 | wc -c";

    @TempDir
    static Path directory;

    private static OtherUser user;
    private static Process holder;
    private static int least;

    @BeforeAll
    static void takeAllPages() throws Exception {
        Host.assume(Sysctl.number(SOFT) > 0 && Sysctl.number(SOFT) <= 1 << 16, "fs.pipe-user-pages-soft is 0 or too high");
        Host.assume(Sysctl.number(HARD) == 0, "fs.pipe-user-pages-hard is not 0");
        user = OtherUser.in(directory);
        holder = new ProcessBuilder(user.java(TakePipePages.class))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        least = Integer.parseInt(holder.inputReader().readLine());
    }

    @AfterAll
    static void giveThemBack() throws Exception {
        if (holder != null) {
            holder.getOutputStream().close();
            holder.onExit().join();
            holder.getInputStream().close();
        }
    }

    @Test
    void pipeThatFitsIntoTheRemainingPagesIsRestored() throws Exception {
        CommandRun run = user.run("restore", save(CONTENT_BYTES, least), "--", "sh", "-c", COUNT).succeeded();
        assertEquals(Integer.toString(CONTENT_BYTES), run.out.trim());
    }

    @Test
    void pipeThatNeedsMorePagesIsRefusedWithLimitAndRemedy() throws Exception {
        assertRefused(user.run("restore", save(CONTENT_BYTES, USUAL_BYTES), "--", "true"));
    }

    @Test
    void bestEffortMakesASmallerPipeAndReportsIt() throws Exception {
        CommandRun run = user.run("restore", "--best-effort", save(CONTENT_BYTES, USUAL_BYTES), "--", "sh", "-c", COUNT);
        assertEquals(0, run.exitStatus, run.err);
        assertEquals(Integer.toString(CONTENT_BYTES), run.out.trim());
        assertEquals(1, run.err.lines().count(), run.err);
        assertTrue(run.err.startsWith("standpipe: pipe 2: capacity " + least + " bytes instead of 65536; "), run.err);
    }

    @Test
    void bestEffortRefusesBytesThatDoNotFit() throws Exception {
        assertRefused(user.run("restore", "--best-effort", save(least + 1, USUAL_BYTES), "--", "true"));
    }

    @Test
    void checkpointThatNeedsALargerCloneIsRefusedAndNothingIsWritten() throws Exception {
        Path output = user.directory("output");
        String script = "exec " + String.join(" ", user.command("sleep", "1000"));
        try (TestProcess process = TestProcess.shell(script).awaitBecome("sleep")) {
            CommandRun run = user.run("checkpoint", "--pid", process.pid(), "--fd", "0", "-o", output.resolve("app.ckpt"));
            run.failed(4, "a capacity of 65536 bytes is refused; " + SOFT + " (", "raise it");
        }
        assertEquals(0, output.toFile().list().length);
    }

    private static void assertRefused(CommandRun run) throws Exception {
        run.failed(
                125, "pipe 2: a capacity of 65536 bytes is refused; " + SOFT + " (" + Sysctl.number(SOFT),
                "raise it or grant CAP_SYS_RESOURCE");
    }

    /** Writes an image of a pipe of that user, with its ends at fds 3 and 4. */
    private static Path save(int bytes, int capacityBytes) throws Exception {
        return user.file(SeedImage.onePipe(3, 4, new byte[bytes], capacityBytes, OtherUser.ID));
    }
}
