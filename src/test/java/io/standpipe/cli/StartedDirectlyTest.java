// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a JVM changes in its process, and a restored command must find unchanged. */
@ExtendWith(DescriptorLeakCheck.class)
class StartedDirectlyTest {

    @TempDir
    Path directory;

    @Test
    void softLimitOfFdsIsThatOfTheCallerWithoutMaxFDLimit() throws Exception {
        CommandRun run = CommandRun.shell(
                "ulimit -Sn 100; export JDK_JAVA_OPTIONS=-XX:-MaxFDLimit; exec \"$@\"",
                "restore", image(), "--", "sh", "-c", "ulimit -Sn");
        assertEquals("100\n", run.out);
    }

    @ParameterizedTest
    @CsvSource({"HUP, 1", "INT, 2", "USR1, 10", "TERM, 15"})
    void signalIgnoredByTheCallerIsIgnored(String signal, int number) throws Exception {
        CommandRun run = CommandRun.shell(
                "trap '' " + signal + "; exec \"$@\"",
                "restore", image(), "--", "grep", "SigIgn", "/proc/self/status").succeeded();
        long ignored = Long.parseUnsignedLong(run.out.trim().split("\\s+")[1], 16);
        assertEquals(1, ignored >>> (number - 1) & 1, run.out);
    }

    @Test
    void closedStandardInputStaysClosed() throws Exception {
        List<String> link = List.of("sh", "-c", "test -e /proc/$$/fd/0 && readlink /proc/$$/fd/0 || echo closed");
        assertEquals("closed\n", CommandRun.shell(
                "exec \"$@\" <&-", "restore", image(), "--", link.get(0), link.get(1), link.get(2)).out);
    }

    private Path image() throws Exception {
        return PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
    }
}
