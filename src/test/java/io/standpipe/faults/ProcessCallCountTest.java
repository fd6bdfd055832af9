// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipe of another process costs, which has both its ends: not one system call more. */
class ProcessCallCountTest {

    /** A checkpoint of empty ones, of those with 4,096 bytes, and with 65,536. */
    private static final String CALLS =
            """
            close                     7      7      7
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
            read                      2      4      2
            readv                     -      -      2
            splice(pipe to file)      -   1.01   1.07
            splice(pipe to pipe)      -   1.01   1.14
            sync_file_range           -   0.01   0.06
            tee                       2      4      4
            write                     -      1      1
            """;

    private static final Pattern LOOKING = Pattern.compile("looking (-?\\d+)");

    @TempDir
    Path folder;

    @Test
    void callsAreJustThese() throws Exception {
        assertCalls(CALLS);
    }

    private void assertCalls(String expected) throws Exception {
        ChildRun result = FaultLibrary.run(
                Files.createDirectory(folder.resolve("calls")),
                List.of("-XX:-UseContainerSupport"),
                ProcessCallCountDriver.class);
        assertEquals(0, result.exitStatus(), result::output);
        String actual = result.output().lines()
                .filter(line -> !line.startsWith("looking "))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        assertEquals(expected, actual, () -> "if this is meant, the table is now:\n" + actual);
        assertNoLooks(result);
    }

    /** None of those that are saved is looked at again, which would be two links to be read; other processes come and go. */
    private static void assertNoLooks(ChildRun result) {
        Matcher looking = LOOKING.matcher(result.output());
        assertTrue(looking.find(), result::output);
        assertTrue(Math.abs(Long.parseLong(looking.group(1))) <= 1, result::output);
    }
}
