// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
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
        String script = "cd '" + directory + "'; mkfifo f g; exec 5<>f; exec 6<>file 7<>gone 8<>g; rm gone; exec sleep 1000";
        try (TestProcess process = TestProcess.shell(script).awaitBecome("sleep")) {
            assumeTrue(
                    Files.readString(Path.of("/proc/self/fdinfo/0")).contains("ino:"),
                    "before Linux 5.14 no inode number is told, and all files without a name are asked");
            CommandRun run = CommandRun.through(
                    noting, "checkpoint", "--pid", process.pid(), "--fd", "0,5", "-o", directory.resolve("app.ckpt"));
            assertEquals(0, run.exitStatus, run.err);
            String links = "/proc/" + process.pid() + "/fd/";
            List<String> asked = Files.exists(notes) ? Files.readAllLines(notes) : List.of();
            assumeTrue(asked.contains(links + "0"), "how this JDK asks for a status cannot be watched");
            assertTrue(asked.contains(links + "5"), "the FIFO");
            for (String other : List.of("1", "6", "7", "8")) {
                assertFalse(asked.contains(links + other), other);
            }
        }
    }
}
