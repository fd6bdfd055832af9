// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Restore;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a JVM changes in its process, and a restored command must find unchanged. */
@ExtendWith(DescriptorLeakCheck.class)
class StartedDirectlyTest {

    /** SIGQUIT, SIGUSR2, SIGPIPE and SIGXFSZ. */
    private static final long HANDLED_BY_THE_JVM = 1L << 2 | 1L << 11 | 1L << 12 | 1L << 24;

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

    /** Of these the JVM handles all but the first two, so that it does not know what they were. */
    @ParameterizedTest
    @CsvSource({"HUP, 1", "INT, 2", "QUIT, 3", "USR2, 12", "PIPE, 13", "XFSZ, 25"})
    void signalIgnoredByTheCallerOfTheInstalledCommandIsIgnored(String signal, int number) throws Exception {
        CommandRun run = installed().shell(
                "trap '' " + signal + "; exec \"$@\"", "restore", image(), "--", "grep", "SigIgn", "/proc/self/status").succeeded();
        assertEquals(1L << (number - 1), ignored(run.out) & (HANDLED_BY_THE_JVM | 1L << (number - 1)), run.out);
    }

    @Test
    void softLimitOfFdsIsThatOfTheCallerOfTheInstalledCommand() throws Exception {
        CommandRun run = installed().shell(
                "ulimit -Sn 100; exec \"$@\"", "restore", image(), "--", "sh", "-c", "ulimit -Sn; ulimit -Hn; test -e /proc/self/fd/4");
        assertEquals("100\n" + CommandRun.program(List.of("sh", "-c", "ulimit -Hn")).out, run.succeeded().out);
    }

    @Test
    void fdBeyondTheSoftLimitOfTheCallerIsThere() throws Exception {
        Path image = PipeHolder.save(directory.resolve("high.ckpt"), "200", "-", "payload");
        assertEquals("100\n", installed().shell(
                "ulimit -Sn 100; exec \"$@\"", "restore", image, "--", "sh", "-c", "ulimit -Sn; test -e /proc/$$/fd/200").succeeded().out);
    }

    @Test
    void limitAndSignalsAreThoseOfTheCallerWhereCommandsAreStarted() throws Exception {
        Path image = image();
        long pid = Restore.from(image).check().processes().get(0).pid();
        CommandRun run = installed().shell(
                "ulimit -Sn 100; trap '' PIPE; exec \"$@\"", "restore", image, "--run", pid + "=ulimit -Sn; grep SigIgn /proc/self/status");
        assertEquals("100", run.outLines().get(0), run.err);
        assertEquals(1L << 12, ignored(run.outLines().get(1)) & HANDLED_BY_THE_JVM, run.out);
    }

    @Test
    void variablesThatTheJvmWouldObeyAreTheCallers() throws Exception {
        CommandRun run = installed().shell(
                "env JAVA_TOOL_OPTIONS=\"-Xmx1k $(printf '\\351')\" JDK_JAVA_OPTIONS= LC_ALL=C \"$@\"", "restore", image(), "--", "env").succeeded();
        List<String> lines = new String(run.outBytes, StandardCharsets.ISO_8859_1).lines().toList();
        assertTrue(lines.contains("JAVA_TOOL_OPTIONS=-Xmx1k \351"), run.out);
        assertTrue(lines.contains("JDK_JAVA_OPTIONS="), run.out);
        assertTrue(lines.stream().noneMatch(line -> line.startsWith("STANDPIPE_CALLER_")), run.out);
    }

    @Test
    void commandThatIsNoProgramIsRunByTheShellWithTheLimitOfTheCaller() throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "ulimit -Sn\n");
        assertTrue(script.toFile().setExecutable(true));
        Path image = PipeHolder.save(directory.resolve("high.ckpt"), "200", "-", "payload");
        assertEquals("100\n", installed().shell("ulimit -Sn 100; exec \"$@\"", "restore", image, "--", script).succeeded().out);
    }

    /** Or else JUnit warns of the link when it removes the directory. */
    @AfterEach
    void removeLink() throws Exception {
        Files.deleteIfExists(directory.resolve("home/lib/runtime"));
    }

    private InstalledCommand installed() throws Exception {
        return InstalledCommand.in(directory.resolve("home"));
    }

    private static long ignored(String line) {
        return Long.parseUnsignedLong(line.trim().split("\\s+")[1], 16);
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
