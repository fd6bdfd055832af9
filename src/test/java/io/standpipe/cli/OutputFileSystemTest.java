// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Images on file systems that are full or read-only, which the tests mount in a mount namespace of their own. */
@ExtendWith(DescriptorLeakCheck.class)
class OutputFileSystemTest {

    private static final int MOUNT_REFUSED = 99;

    @TempDir
    Path directory;

    @BeforeEach
    void mountNamespacesAreAllowed() throws Exception {
        Host.assumeMountNamespaces();
    }

    @Test
    void fullFileSystemExitsWith1AndNothingIsLeft() throws Exception {
        try (PipeHolder holder = PipeHolder.of("4", "-", "x".repeat(65_536))) {
            assertFailed(checkpoint("size=64k", holder), 1, "no space is left");
        }
    }

    @Test
    void readOnlyFileSystemExitsWith4AndNothingIsLeft() throws Exception {
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            assertFailed(checkpoint("ro", holder), 4, "the file system of directory " + directory + " is read-only");
        }
    }

    @Test
    void fileSystemWithRoomHasOnlyTheImage() throws Exception {
        try (PipeHolder holder = PipeHolder.of("4", "-", "x".repeat(65_536))) {
            CommandRun run = checkpoint("size=1m", holder);
            assertEquals("status=0\napp.ckpt\n", run.out, run.err);
        }
    }

    @Test
    void manualPageThatCannotBeWrittenIsNamedAndNoHalfOneIsLeft() throws Exception {
        CommandRun full = onTmpfs("size=4k", "man", "--output", directory);
        assertEquals("status=1\nstandpipe.1\n", full.out, full.err);
        assertEquals("standpipe: " + directory.resolve("standpipe-checkpoint.1") + ": no space is left\n", full.err);
        CommandRun readOnly = onTmpfs("ro", "man", "--output", directory);
        assertEquals("status=4\n", readOnly.out, readOnly.err);
        assertEquals("standpipe: " + directory.resolve("standpipe.1") + ": the file system is read-only\n", readOnly.err);
    }

    private CommandRun checkpoint(String options, PipeHolder holder) throws Exception {
        return onTmpfs(options, "checkpoint", "--pid", holder.pid(), "-o", directory.resolve("app.ckpt"));
    }

    private CommandRun onTmpfs(String options, Object... arguments) throws Exception {
        String script = "mount -t tmpfs -o " + options + " tmpfs '" + directory + "' || exit " + MOUNT_REFUSED
                + "; \"$@\"; echo status=$?; ls -A '" + directory + "'";
        CommandRun run = CommandRun.through(List.of("unshare", "-m", "sh", "-c", script, "sh"), arguments);
        assertNotEquals(MOUNT_REFUSED, run.exitStatus, run.err);
        return run;
    }

    private static void assertFailed(CommandRun run, int status, String errno) {
        assertEquals("status=" + status + "\n", run.out, run.err);
        assertEquals(1, run.err.lines().count(), run.err);
        assertTrue(run.err.startsWith("standpipe: image "), run.err);
        assertTrue(run.err.contains(errno), run.err);
    }
}
