// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types into a bash that has loaded the completion script; a shell function named standpipe prints the arguments it gets. */
class CompletionCommandTest {

    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    Path directory;

    @BeforeEach
    void needBash() {
        Pty.need();
        assumeTrue(Files.isExecutable(BASH), "no " + BASH);
    }

    /** Types a line into a bash that runs in the directory; returns what the terminal showed. */
    private String typed(String line) throws Exception {
        return typed(CommandRun.here("completion"), line);
    }

    private String typed(CommandRun completion, String line) throws Exception {
        Files.writeString(directory.resolve(".completion"), completion.succeeded().out);
        Files.writeString(
                directory.resolve(".rc"),
                "PS1=; cd " + directory + "; standpipe() { printf '[%s]' \"$@\"; echo; }; source .completion\n"
                        + "bind 'set enable-bracketed-paste off'; bind 'set show-all-if-ambiguous on'\n");
        Path keys = Files.writeString(directory.resolve(".keys"), line + "\n"
                + "printf 'the %s' end; until grep -q 'the end' shown; do :; done; exit\n");
        return Pty.take(directory, BASH + " --noprofile --rcfile " + directory.resolve(".rc") + " -i", keys);
    }

    private void assertCompleted(String line, String arguments) throws Exception {
        String shown = typed(line);
        assertTrue(shown.contains("\n" + arguments + "\r\n"), shown);
    }

    @Test
    void commandOptionAndValueAreCompleted() throws Exception {
        assertCompleted("standpipe checkp\t--fr\tcg\t", "[checkpoint][--freeze][cgroup]");
    }

    @Test
    void imageArgumentIsCompletedToFileName() throws Exception {
        Files.createFile(directory.resolve("app one.ckpt"));
        assertCompleted("standpipe restore --copy ap\t", "[restore][--copy][app one.ckpt]");
        assertCompleted("standpipe checkpoint -o ap\t", "[checkpoint][-o][app one.ckpt]");
    }

    @Test
    void everyCommandIsOffered() throws Exception {
        String shown = typed(CommandRun.of("completion"), "standpipe \t");
        for (String command : Verbs.NAMES) {
            assertTrue(shown.contains(command + " ") || shown.contains(command + "\r"), () -> command + " in " + shown);
        }
    }

    @Test
    void fileNameWithCommandSubstitutionIsNotExecuted() throws Exception {
        Files.createFile(directory.resolve("$(touch run)"));
        assertCompleted("standpipe show $\t", "[show][$(touch run)]");
        assertCompleted("standpipe checkpoint -o $\t", "[checkpoint][-o][$(touch run)]");
        assertFalse(Files.exists(directory.resolve("run")));
    }
}
