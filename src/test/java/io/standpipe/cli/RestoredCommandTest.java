// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class RestoredCommandTest {

    private static final long C_LIBRARY_SIGNALS = 1L << 32 - 1 | 1L << 33 - 1;

    @TempDir
    Path directory;

    @Test
    void commandKeepsThePidOfStandpipe() throws Exception {
        CommandRun run = CommandRun.of("restore", image(), "--", "sh", "-c", "echo $$").succeeded();
        assertEquals(run.pid + "\n", run.out);
    }

    @Test
    void statisticsFileOfTheJvmIsRemoved() throws Exception {
        CommandRun run = CommandRun.of("restore", image(), "--", "true").succeeded();
        Path statistics = Path.of("/tmp", "hsperfdata_" + System.getProperty("user.name"), Long.toString(run.pid));
        assertFalse(Files.exists(statistics), () -> statistics + " is left");
    }

    @Test
    void signalMasksEqualThoseOfADirectlyStartedCommand() throws Exception {
        List<String> status = List.of("cat", "/proc/self/status");
        CommandRun direct = CommandRun.program(status).succeeded();
        CommandRun restored = CommandRun.of("restore", image(), "--", "cat", "/proc/self/status").succeeded();
        assertEquals(signals(direct), signals(restored));
    }

    @Test
    void signalsIgnoredByTheCallerStayIgnored() throws Exception {
        CommandRun direct = CommandRun.program(List.of("sh", "-c", "trap '' HUP USR1; exec cat /proc/self/status"))
                .succeeded();
        CommandRun restored = CommandRun.shell(
                "trap '' HUP USR1; exec \"$@\"", "restore", image(), "--", "cat", "/proc/self/status").succeeded();
        assertEquals(signals(direct), signals(restored));
    }

    @Test
    void readerWithoutWritersSeesEndOfFile() throws Exception {
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "the rest");
        CommandRun run = CommandRun.of("restore", image, "--", "sh", "-c", "cat <&4; echo; echo ended").succeeded();
        assertEquals("the rest\nended\n", run.out);
    }

    @Test
    void writerWithoutReadersIsKilledBySigpipe() throws Exception {
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "-", "5", "unread");
        CommandRun run = CommandRun.of("restore", image, "--", "sh", "-c", "exec yes >&5");
        assertEquals(128 + 13, run.exitStatus, run.err);
    }

    @Test
    void scriptWithoutInterpreterLineRunsInTheShell() throws Exception {
        Path script = directory.resolve("script");
        Files.writeString(script, "echo \"$# $1 $2\"; cat <&4\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        CommandRun run = CommandRun.of("restore", image(), "--", script, "first", "second word").succeeded();
        assertEquals("2 first second word\npayload", run.out);
    }

    @Test
    void argumentsThatLookLikeOptionsReachTheCommand() throws Exception {
        CommandRun run = CommandRun.of("restore", image(), "--", "printf", "%s\\n", "--help", "-o", "--", "", "@x")
                .succeeded();
        assertEquals("--help\n-o\n--\n\n@x\n", run.out);
    }

    @Test
    void environmentAndCurrentDirectoryAreThoseOfTheCaller() throws Exception {
        CommandRun run = CommandRun.shell(
                "cd /usr && COLOUR='dark red' exec \"$@\"",
                "restore", image(), "--", "sh", "-c", "echo $COLOUR in $(pwd)").succeeded();
        assertTrue(run.out.startsWith("dark red in /usr"), run.out);
    }

    private Path image() throws Exception {
        return PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
    }

    /** Returns the masks of blocked and ignored signals, without the two signals that the C library uses for threads. */
    private static Map<String, Long> signals(CommandRun run) {
        Map<String, Long> masks = new TreeMap<>();
        for (String line : run.outLines()) {
            if (line.startsWith("SigBlk:") || line.startsWith("SigIgn:")) {
                String[] field = line.split("\\s+");
                masks.put(field[0], Long.parseUnsignedLong(field[1], 16) & ~C_LIBRARY_SIGNALS);
            }
        }
        assertEquals(2, masks.size(), run.out);
        return masks;
    }
}
