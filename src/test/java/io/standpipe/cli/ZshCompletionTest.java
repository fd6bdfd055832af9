// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types into a zsh that has loaded the completion script; a shell function named standpipe prints the arguments it gets. */
class ZshCompletionTest {

    private static final Path ZSH = Path.of("/usr/bin/zsh");

    @TempDir
    Path directory;

    @BeforeEach
    void needZsh() throws Exception {
        Pty.need();
        Host.assumeTool("zsh");
        CompletionShell.prepare(directory);
    }

    private String typed(String definition, String line) throws Exception {
        Files.writeString(directory.resolve(".completion"), CommandRun.here("completion", "zsh").succeeded().out);
        Files.writeString(
                directory.resolve(".zshrc"),
                "PS1=; cd " + directory + "; PATH=$PATH:$PWD/programs; autoload -Uz compinit && compinit -u -D\n"
                        + "show() { printf '[%s]' \"$@\"; echo }\n" + definition + "\nsource ./.completion\n"
                        + "LISTMAX=9999; unsetopt prompt_sp zle_bracketed_paste 2> /dev/null; unset zle_bracketed_paste\n");
        Path keys = Files.writeString(directory.resolve(".keys"), line + "\n"
                + "printf 'the %s' end; until grep -q 'the end' shown; do :; done; exit\n");
        return Pty.take(directory, "env TERM=dumb ZDOTDIR=" + directory + " " + ZSH + " -d -i", keys);
    }

    private void assertCompleted(String definition, String line, String arguments) throws Exception {
        String shown = typed(definition, line);
        assertTrue(shown.contains("\n" + arguments + "\r\n"), shown);
        CompletionShell.assertNotRun(directory);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "checkp\\t--fr\\tcg\\t             | [checkpoint][--freeze=cgroup]",
        "restore --copy ap\\t              | [restore][--copy][app one.ckpt]",
        "checkpoint -o ap\\t               | [checkpoint][-o][app one.ckpt]",
        "swap --signal TE\\t               | [swap][--signal][TERM]",
        "attach 1 for\\t                   | [attach][1][forget]",
        "help checkp\\t                    | [help][checkpoint]",
        "cri\\timp\\t--js\\t                 | [criu][import][--json]",
        "criu import -o ap\\t              | [criu][import][-o][app one.ckpt]",
        "-q criu import prog\\t            | [-q][criu][import][programs]",
        "criu --verb\\t                    | [criu][--verbose]",
        "help criu imp\\t                  | [help][criu][import]",
        "swap --pid 1 -- probe-of\\t       | [swap][--pid][1][--][probe-of-completion]",
        "restore app.ckpt probe-of\\t      | [restore][app.ckpt][probe-of-completion]",
        "restore x -- grep --line-b\\t     | [restore][x][--][grep][--line-buffered]",
        "show $\\t                         | [show][$(touch run)]"})
    void lineIsCompleted(String typed, String arguments) throws Exception {
        assertCompleted("standpipe() { show \"$@\" }", "standpipe " + typed.replace("\\t", "\t").replace("$", "\\$"), arguments);
    }

    @Test
    void aliasIsCompletedToo() throws Exception {
        assertCompleted("alias standpipe='show --'", "standpipe checkp\t", "[--][checkpoint]");
    }

    @Test
    void pidsAreOfferedWithTheirCommands() throws Exception {
        Process process = CompletionShell.trap(directory);
        try {
            // Where all pids begin alike, zsh inserts the beginning first, and lists what there is to choose from at the second tab.
            String shown = typed("standpipe() { show \"$@\" }", "standpipe hold --pid \t\t");
            assertTrue(shown.contains(Long.toString(process.pid())) && shown.contains("-- " + CompletionShell.TRAP), shown);
            CompletionShell.assertNotRun(directory);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
