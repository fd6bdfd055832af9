// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one pipe of this process may cost, with both its ends: system calls, bytes of the heap, direct buffers. */
class CallCountTest {

    private static final CallBudget MOST_CALLS = new CallBudget(
            """
            for each pipe     checkpoint                  restore                  in place, cutting off others
            of so many bytes          0   4096  65536        0   4096  65536        0   4096  65536
            close_range            0.02   0.02   0.02        -      -      -        -      -      -
            dup3                      -      -      -        -      -      -        2      2      2
            fallocate                 -   0.01   0.07        -      -      -        -      -      -
            fcntl(F_DUPFD_CLOEXEC)    2      2      2        -      -      -        2      2      2
            fcntl(F_DUPFD_QUERY)      -      -      -        -      -      -        2      2      2
            fcntl(F_GETFD)            2      2      2        -      -      -        2      2      2
            fcntl(F_GETFL)            2      2      2        -      -      -        -      -      -
            fcntl(F_GETOWN_EX)        2      2      2        -      -      -        -      -      -
            fcntl(F_GETPIPE_SZ)       1      1      1        1      1      -        1      1      -
            fcntl(F_GETSIG)           2      2      2        -      -      -        -      -      -
            fstat                     2      2      2        -      -      -        5      5      5
            ioctl(FIONREAD)           -      -      1        -      -      -        -      -      -
            kcmp                      -      -      -        -      -      -        2      2      2
            pipe2                     -      -      -        1      1      1        1      1      1
            pread                     -      -      -     0.07      1      1     0.07      1      1
            pwrite                 0.02      -      -        -      -      -        -      -      -
            readv                     -      2      2        -      -      -        -      -      -
            splice(file to pipe)      -      -      -        -      1      1        -      1      1
            splice(pipe to file)      -   0.01   0.07        -      -      -        -      -      -
            splice(pipe to pipe)      -   1.01   1.14        -      -      -        -      -      -
            sync_file_range           -   0.01   0.06        -      -      -        -      -      -
            tee                       1      2      2        -      -      -        -      -      -
            write                     -      1      1        -      -      -        -      -      -
            """);

    private static final CallBudget MOST_WITHOUT_KCMP = MOST_CALLS.plus(
            """
            for each pipe     checkpoint                  restore                  in place, cutting off others
            of so many bytes          0   4096  65536        0   4096  65536        0   4096  65536
            epoll_ctl                 -      -      -        -      -      -        6      6      6
            fcntl(F_GETFD)            -      -      -        -      -      -        2      2      2
            """);

    private static final long MOST_HEAP_BYTES_AT_CHECKPOINT = 2_048;
    private static final long MOST_HEAP_BYTES_AT_RESTORE = 2_048;
    private static final long MOST_HEAP_BYTES_IN_PLACE = 4_500;

    /** The access mode of each end is queried. Reading the link in /proc of each end would take two calls more. */
    private static final double MOST_CALLS_LOOKING = 3.01;

    @TempDir
    static Path folder;

    private static ChildRun result;

    @BeforeAll
    static void run() throws IOException, InterruptedException {
        result = FaultLibrary.runAlone(Files.createDirectory(folder.resolve("calls")), CallCountDriver.class);
        assertEquals(0, result.exitStatus(), result::output);
    }

    @Test
    void callsPerPipeAreWithinTheBudget() throws IOException {
        List<String> excess = (Kernel.hasKcmp() ? MOST_CALLS : MOST_WITHOUT_KCMP).excess(result.output().lines().takeWhile(line -> !line.startsWith("heap ")));
        assertEquals(List.of(), excess, result::output);
    }

    @Test
    void heapBytesPerPipeAreWithinTheBudget() {
        MatchResult heap = find("heap (-?\\d+) (-?\\d+) (-?\\d+)");
        assertAtMost(MOST_HEAP_BYTES_AT_CHECKPOINT, heap.group(1), "heap bytes at the checkpoint of a pipe");
        assertAtMost(MOST_HEAP_BYTES_AT_RESTORE, heap.group(2), "heap bytes at the restore of a pipe");
        assertAtMost(MOST_HEAP_BYTES_IN_PLACE, heap.group(3), "heap bytes at the restore in place of a pipe");
    }

    /** Direct buffers are zeroed when they are allocated, and cost the collector more than what is on the heap. */
    @Test
    void repeatedCallsAllocateNoDirectBuffers() {
        assertEquals("direct 0 0 0", find("direct .*").group());
    }

    @Test
    void lookingForOtherHoldersReadsNoLinkOfANamedPipe() throws IOException {
        // Without kcmp the tables of threads are listed, whatever the number of pipes.
        assertAtMost(Kernel.hasKcmp() ? MOST_CALLS_LOOKING : MOST_CALLS_LOOKING + 1, find("looking (\\S+)").group(1), "calls per pipe to look for other holders");
    }

    private static MatchResult find(String pattern) {
        return Pattern.compile(pattern).matcher(result.output()).results().findFirst().orElseThrow();
    }

    private static void assertAtMost(double most, String found, String what) {
        assertTrue(Double.parseDouble(found) <= most, () -> found + " " + what + ", at most " + most);
    }
}
