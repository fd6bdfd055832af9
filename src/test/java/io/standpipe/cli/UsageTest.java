// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.format.Version;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(DescriptorLeakCheck.class)
class UsageTest {

    @Test
    void helpNamesTheCommandsWithExamples() throws Exception {
        CommandRun run = CommandRun.of("--help").succeeded();
        for (String part : new String[] {"checkpoint", "restore", "show", "check", "demo", "completion", "man", "Examples:", "4711"}) {
            assertTrue(run.out.contains(part), () -> "\"" + part + "\" is expected in: " + run.out);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint", "restore", "show", "check", "completion", "man"})
    void helpOfACommandHasAnExample(String command) {
        String help = CommandRun.here(command, "--help").succeeded().out;
        assertTrue(help.contains("Example"), help);
        assertTrue(help.contains("  standpipe " + command), help);
    }

    @Test
    void versionNamesCommitJdkAndKernel() throws Exception {
        String version = CommandRun.here("--version").succeeded().out;
        String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        assertTrue(
                version.matches("standpipe " + Pattern.quote(Version.current()) + "\ncommit (unknown|[0-9a-f]{12})\nJDK "
                        + Pattern.quote(System.getProperty("java.vm.version")) + " .*\nLinux " + Pattern.quote(kernel) + " .*\n"),
                version);
        assertEquals(version, CommandRun.here("show", "--version").succeeded().out);
        assertEquals(version, CommandRun.here("--version", "show").succeeded().out);
    }

    @Test
    void noArgumentsExitWith2() throws Exception {
        assertWrongUsage(CommandRun.of(), "no command is named");
    }

    @Test
    void unknownOptionExitsWith2() throws Exception {
        assertWrongUsage(CommandRun.here("show", "--frobnicate", "app.ckpt"), "--frobnicate");
    }

    @Test
    void unknownCommandExitsWith2() throws Exception {
        assertWrongUsage(CommandRun.here("frobnicate"), "frobnicate");
    }

    @Test
    void missingOutputExitsWith2() throws Exception {
        assertWrongUsage(CommandRun.here("checkpoint", "--pid", "1"), "--output");
    }

    @Test
    void missingCommandExitsWith2() throws Exception {
        CommandRun run = CommandRun.here("restore", "app.ckpt");
        assertEquals(2, run.exitStatus);
        assertTrue(run.err.contains("COMMAND"), run.err);
    }

    @Test
    void pidThatIsNoNumberExitsWith2() throws Exception {
        assertWrongUsage(CommandRun.here("checkpoint", "--pid", "init", "-o", "app.ckpt"), "--pid");
    }

    @Test
    void pidZeroExitsWith2() throws Exception {
        CommandRun.here("checkpoint", "--pid", "0", "-o", "app.ckpt").failed(2, "'0' is no pid");
    }

    private static void assertWrongUsage(CommandRun run, String part) {
        assertEquals(2, run.exitStatus, run.err);
        assertEquals("", run.out);
        assertTrue(run.err.contains(part), () -> "\"" + part + "\" is expected in: " + run.err);
    }
}
