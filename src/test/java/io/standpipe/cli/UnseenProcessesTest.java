// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Alone;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code list} says of processes that its user may not look at. */
@Alone("it has copies of ends for a moment, which others would take for holders")
class UnseenProcessesTest {

    @TempDir
    Path directory;

    private OtherUser user;

    @BeforeEach
    void makeUser() throws Exception {
        user = OtherUser.in(directory);
    }

    @Test
    void processOfAnotherUserIsNamedWithTheRightThatIsMissing() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            assertEquals(
                    process.pid() + " sleep root: it belongs to user root (uid 0): run as that one, or as root with CAP_SYS_PTRACE",
                    line(process.pid(), user.java(ShowUnseen.class)));
        }
    }

    @Test
    void ownProcessThatIsNotDumpableIsNamedWithTheRightThatIsMissing() throws Exception {
        String program = "#include <sys/prctl.h>\n#include <unistd.h>\n"
                + "int main(void) { prctl(PR_SET_DUMPABLE, 0); puts(\"ready\"); fflush(0); for (;;) pause(); }\n";
        Path compiled = CCode.program(directory, "#include <stdio.h>\n" + program);
        Host.run("chmod", "a+rx", compiled.toString());
        try (TestProcess process = TestProcess.of(List.of(user.command(compiled.toString()))).awaitOutput("ready")) {
            String line = line(process.pid(), user.java(ShowUnseen.class));
            assertTrue(line.startsWith(process.pid() + " program " + OtherUser.ID + ": it is not dumpable"), line);
        }
    }

    @Test
    void processesThatProcDoesNotShowAreSaidToBeHidden() throws Exception {
        Host.assumeMountNamespaces();
        assertEquals(
                List.of("hidden: processes of other users, hidden by the mount option hidepid of /proc"),
                run(withHidepid(2)).outLines());
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            String line = line(process.pid(), withHidepid(1));
            assertTrue(line.startsWith(process.pid() + "  : "), line);
        }
    }

    private List<String> withHidepid(int value) {
        List<String> command = new ArrayList<>(List.of(
                "unshare", "-m", "sh", "-c", "mount -t proc -o hidepid=" + value + " none /proc && exec \"$@\"", "sh"));
        command.addAll(user.java(ShowUnseen.class));
        return command;
    }

    private static String line(int pid, List<String> command) throws Exception {
        CommandRun run = run(command);
        return run.outLines().stream().filter(line -> line.startsWith(pid + " ")).findFirst().orElseThrow(() -> new AssertionError(run.out));
    }

    private static CommandRun run(List<String> command) throws Exception {
        CommandRun run = CommandRun.program(command);
        assertEquals(0, run.exitStatus, run.err);
        return run;
    }
}
