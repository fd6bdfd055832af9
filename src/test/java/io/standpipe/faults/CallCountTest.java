// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipe costs: not one system call more, and not much more of the heap. */
class CallCountTest {

    /**
     * For each pipe with both its ends, of this process: a checkpoint of empty ones, of those with 4,096 bytes, and with
     * 65,536; then their restore; then their restore in place, cutting off others. Less than one where records of many pipes
     * are written or read at once.
     */
    private static final String CALLS =
            """
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
            fstat                     2      2      2        -      -      -        3      3      3
            ioctl(FIONREAD)           -      -      1        -      -      -        -      -      -
            pipe2                     -      -      -        1      1      1        1      1      1
            pread                     -      -      -     0.07      1      1     0.07      1      1
            pwrite                 0.02      -      -        -      -      -        -      -      -
            read                      -      2      -        -      -      -        -      -      -
            readv                     -      -      2        -      -      -        -      -      -
            splice(file to pipe)      -      -      -        -      1      1        -      1      1
            splice(pipe to file)      -   0.01   0.07        -      -      -        -      -      -
            splice(pipe to pipe)      -   1.01   1.14        -      -      -        -      -      -
            sync_file_range           -   0.01   0.06        -      -      -        -      -      -
            tee                       1      2      2        -      -      -        -      -      -
            write                     -      1      1        -      -      -        -      -      -
            """;

    /** 1.3 thousand were measured, and some slack. */
    private static final long MOST_AT_CHECKPOINT = 2_000;

    /** 3.6 to 4.1 thousand were measured. */
    private static final long MOST_AT_RESTORE = 5_300;

    /** 2.7 thousand were measured. */
    private static final long MOST_IN_PLACE = 3_600;

    private static final Pattern HEAP = Pattern.compile("heap (-?\\d+) (-?\\d+) (-?\\d+)");

    private static final Pattern LOOKING = Pattern.compile("looking (-?\\d+)");

    @TempDir
    static Path folder;

    private static ChildRun result;

    /** Without what has the JVM open files of its own now and then, between those whose numbers are to follow one another. */
    @BeforeAll
    static void run() throws IOException, InterruptedException {
        result = FaultLibrary.run(
                Files.createDirectory(folder.resolve("calls")), List.of("-XX:-UseContainerSupport"), CallCountDriver.class);
        assertEquals(0, result.exitStatus(), result::output);
    }

    @Test
    void callsAreJustThese() {
        assertCalls(CALLS, result);
    }

    private static void assertCalls(String expected, ChildRun result) {
        String actual = result.output().lines()
                .filter(line -> !line.startsWith("heap ") && !line.startsWith("direct ") && !line.startsWith("looking "))
                .filter(line -> !line.startsWith("kcmp ")) // before Linux 6.10, where a restore in place compares
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        assertEquals(expected, actual, () -> "if this is meant, the table is now:\n" + actual);
    }

    @Test
    void theHeapBytesOfAPipeAreBounded() {
        assertHeap(result);
    }

    private static void assertHeap(ChildRun result) {
        Matcher heap = HEAP.matcher(result.output());
        assertTrue(heap.find(), result::output);
        long atCheckpoint = Long.parseLong(heap.group(1));
        long atRestore = Long.parseLong(heap.group(2));
        assertTrue(atCheckpoint <= MOST_AT_CHECKPOINT, () -> "a pipe's checkpoint takes " + atCheckpoint + " bytes");
        assertTrue(atRestore <= MOST_AT_RESTORE, () -> "a pipe's restore takes " + atRestore + " bytes");
        long inPlace = Long.parseLong(heap.group(3));
        assertTrue(inPlace <= MOST_IN_PLACE, () -> "a pipe's restore in place takes " + inPlace + " bytes");
    }

    /** It is zeroed when it is made, and costs the collector more than what is on the heap. */
    @Test
    void noMemoryOutsideTheHeapIsMadeAnew() {
        assertTrue(result.output().contains("\ndirect 0 0 0\n"), result::output);
    }

    /** Two: the access mode is asked of each end. Of none that is known a link of /proc is read, which would be two more. */
    @Test
    void lookingForOtherHoldersReadsNoLinkOfAPipe() {
        Matcher looking = LOOKING.matcher(result.output());
        assertTrue(looking.find(), result::output);
        long calls = Long.parseLong(looking.group(1));
        assertTrue(calls == 2 || calls == 3, () -> "it takes " + calls + " calls for a pipe");
    }
}
