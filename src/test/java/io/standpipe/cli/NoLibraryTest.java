// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command where its native library cannot be loaded: one line, and the exit status of what is not allowed. */
class NoLibraryTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "4, checkpoint --pid PID --output IMAGE", "4, checkpoint --tree PID --output - ", "4, list", "4, list --pid PID --json",
        "4, list --follow PID", "4, list --blocked", "4, peek --pid PID --fd 0", "4, drain --pid PID --fd 0", "4, hold --pid PID",
        "4, show IMAGE", "4, extract IMAGE", "4, check", "4, attach PID list", "4, check --json", "125, restore IMAGE -- true",
        "125, restore IMAGE --run 1=true", "125, swap --pid PID -- true"})
    void commandSaysSoInOneLine(int status, String arguments) throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            ChildRun run = run(arguments.replace("PID", Integer.toString(process.pid())).replace("IMAGE", directory + "/image"));

            assertEquals("standpipe: the native library of Standpipe cannot be loaded from /absent.so, which is named by"
                    + " -Dstandpipe.library.path: there is no such file; name the library of this version of Standpipe (attach has --library for that), or none\n",
                    run.output(), run::toString);
            assertEquals(status, run.exitStatus(), run::toString);
        }
    }

    @Test
    void helpNeedsNoLibrary() throws Exception {
        assertEquals(0, run("--help").exitStatus());
        assertEquals(0, run("checkpoint --version").exitStatus());
        assertEquals(0, run("man list").exitStatus());
        assertEquals(0, run("completion").exitStatus());
    }

    private static ChildRun run(String arguments) throws Exception {
        return ChildRun.of(TestJvm.command(List.of("-Dstandpipe.library.path=/absent.so"), Main.class, arguments.split(" ")));
    }
}
