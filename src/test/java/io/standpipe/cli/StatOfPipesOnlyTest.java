// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Kernel;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Looking for holders of a pipe calls stat on no unrelated file: on a dead network file system the call would never return. */
@ExtendWith(DescriptorLeakCheck.class)
class StatOfPipesOnlyTest {

    /** Appends the path of each stat call to the file $NOTES. */
    private static final String STAT = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <sys/stat.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            static void note(const char *path)
            {
                int fd = open(getenv("NOTES"), O_WRONLY | O_APPEND | O_CREAT, 0600);
                dprintf(fd, "%s\\n", path);
                close(fd);
            }
            int stat64(const char *path, struct stat64 *status)
            {
                note(path);
                return fstatat64(AT_FDCWD, path, status, 0);
            }
            int statx(int directory, const char *path, int flags, unsigned mask, struct statx *status)
            {
                note(path);
                return (int)syscall(SYS_statx, directory, path, flags, mask, status);
            }
            """;

    @TempDir
    Path directory;

    @Test
    void checkpointCallsStatForPipesOnly() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        Path notes = directory.resolve("notes");
        List<String> noting = CCode.preloaded(directory, STAT, "NOTES=" + notes);
        String script = "cd '" + directory + "'; mkfifo f g; exec 5<>f 9<>f; exec 6<>file 7<>gone 8<>g; rm gone; exec sleep 1000";
        try (TestProcess process = TestProcess.shell(script).awaitBecome("sleep")) {
            CommandRun run = CommandRun.through(
                    noting, "checkpoint", "--pid", process.pid(), "--fd", "0,5", "-o", directory.resolve("app.ckpt"));
            assertEquals(0, run.exitStatus, run.err);
            String links = "/proc/" + process.pid() + "/fd/";
            List<String> asked = Files.exists(notes) ? Files.readAllLines(notes) : List.of();
            assertTrue(asked.contains(links + "9"), "the FIFO's fd that is not saved");
            for (String other : List.of("1", "6", "8")) {
                assertFalse(asked.contains(links + other), other);
            }
            // Before, /proc has no inode number of an fd, and a file without a name may be the FIFO.
            assertEquals(!Kernel.isAtLeast(5, 14), asked.contains(links + "7"), "the file without a name");
        }
    }
}
