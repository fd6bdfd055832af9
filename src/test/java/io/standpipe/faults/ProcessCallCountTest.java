// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Kernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many system calls one pipe of another process may cost, which has both its ends. */
class ProcessCallCountTest {

    private static final CallBudget MOST_CALLS = new CallBudget(
            """
            for each pipe     checkpoint
            of so many bytes          0   4096  65536
            close                     3      3      3
            close_range             0.6    0.6    0.6
            fallocate                 -   0.01   0.07
            fcntl(F_GETFL)            4      4      4
            fcntl(F_GETOWN_EX)        2      2      2
            fcntl(F_GETPIPE_SZ)       3      3      3
            fcntl(F_GETSIG)           2      2      2
            fstat                     2      2      2
            ioctl(FIONREAD)           -      -      1
            kcmp                      2      2      2
            openat                    3      3      3
            pidfd_getfd               2      2      2
            pipe2                     1      1      1
            poll                      -      1      -
            pwrite                 0.02      -      -
            read                      2      2      2
            readv                     -      2      2
            splice(pipe to file)      -   1.01   1.07
            splice(pipe to pipe)      -   1.01   1.14
            sync_file_range           -   0.01   0.06
            tee                       1      2      2
            write                     -      1      1
            """);

    private static final CallBudget MOST_WITHOUT_KCMP = MOST_CALLS.plus(
            """
            for each pipe     checkpoint
            of so many bytes          0   4096  65536
            close                     4      4      4
            dup3                      2      2      2
            epoll_create1             2      2      2
            epoll_ctl                 4      4      4
            fcntl(F_DUPFD_CLOEXEC)    2      2      2
            getpid                    2      2      2
            kcmp                      2      2      2
            pidfd_getfd               2      2      2
            """);

    /** Reading the link in /proc of each end that is saved would take two calls more. */
    private static final double MOST_CALLS_LOOKING = 1;

    @TempDir
    static Path folder;

    private static ChildRun result;

    @BeforeAll
    static void run() throws Exception {
        result = FaultLibrary.runAlone(Files.createDirectory(folder.resolve("calls")), ProcessCallCountDriver.class);
        assertEquals(0, result.exitStatus(), result::output);
    }

    @Test
    void callsPerPipeAreWithinTheBudget() throws Exception {
        List<String> excess = (Kernel.hasKcmp() ? MOST_CALLS : MOST_WITHOUT_KCMP).excess(result.output().lines().takeWhile(line -> !line.startsWith("looking ")));
        assertEquals(List.of(), excess, result::output);
    }

    @Test
    void lookingForOtherHoldersReadsNoLinkOfASavedPipe() {
        double looking = result.output().lines()
                .filter(line -> line.startsWith("looking "))
                .mapToDouble(line -> Double.parseDouble(line.substring("looking ".length())))
                .findFirst().orElseThrow();
        assertTrue(looking <= MOST_CALLS_LOOKING, result::output);
    }
}
