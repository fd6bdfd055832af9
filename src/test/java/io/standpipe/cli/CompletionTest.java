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

/** What bash makes of what is typed, with the script of standpipe completion; standpipe itself shows its arguments here. */
class CompletionTest {

    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    Path folder;

    @BeforeEach
    void needBash() {
        Pty.need();
        assumeTrue(Files.isExecutable(BASH), "no " + BASH);
    }

    /** Types a line into a bash that runs in the folder; returns what it showed. */
    private String typed(String line) throws Exception {
        return typed(CommandRun.here("completion"), line);
    }

    private String typed(CommandRun completion, String line) throws Exception {
        Files.writeString(folder.resolve(".completion"), completion.succeeded().out);
        Files.writeString(
                folder.resolve(".rc"),
                "PS1=; cd " + folder + "; standpipe() { printf '[%s]' \"$@\"; echo; }; source .completion\n"
                        + "bind 'set enable-bracketed-paste off'; bind 'set show-all-if-ambiguous on'\n");
        Path keys = Files.writeString(folder.resolve(".keys"), line + "\n"
                + "printf 'the %s' end; until grep -q 'the end' shown; do :; done; exit\n");
        return Pty.take(folder, BASH + " --noprofile --rcfile " + folder.resolve(".rc") + " -i", keys);
    }

    private void assertCompleted(String line, String arguments) throws Exception {
        String shown = typed(line);
        assertTrue(shown.contains("\n" + arguments + "\r\n"), shown);
    }

    @Test
    void commandsAndOptionsAndTheirValues() throws Exception {
        assertCompleted("standpipe checkp\t--fr\tcg\t", "[checkpoint][--freeze][cgroup]");
    }

    @Test
    void namesOfFilesForAnImage() throws Exception {
        Files.createFile(folder.resolve("app one.ckpt"));
        assertCompleted("standpipe restore --copy ap\t", "[restore][--copy][app one.ckpt]");
        assertCompleted("standpipe checkpoint -o ap\t", "[checkpoint][-o][app one.ckpt]");
    }

    @Test
    void allCommandsAreOffered() throws Exception {
        String shown = typed(CommandRun.of("completion"), "standpipe \t");
        for (String command : Main.commandLine().getSubcommands().keySet()) {
            assertTrue(shown.contains(command + " ") || shown.contains(command + "\r"), () -> command + " in " + shown);
        }
    }

    @Test
    void aNameThatIsACommandIsNotRun() throws Exception {
        Files.createFile(folder.resolve("$(touch run)"));
        assertCompleted("standpipe show $\t", "[show][$(touch run)]");
        assertCompleted("standpipe checkpoint -o $\t", "[checkpoint][-o][$(touch run)]");
        assertFalse(Files.exists(folder.resolve("run")));
    }
}
