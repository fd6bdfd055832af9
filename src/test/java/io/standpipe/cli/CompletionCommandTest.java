// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types into a bash that has loaded the completion script; a shell function named standpipe prints the arguments it gets. */
class CompletionCommandTest {

    private static final Path BASH = Path.of("/bin/bash");
    private static final Path BASH_COMPLETION = Path.of("/usr/share/bash-completion/bash_completion");

    @TempDir
    Path directory;

    @BeforeEach
    void needBash() throws Exception {
        Pty.need();
        Host.assumeTool("bash");
        CompletionShell.prepare(directory);
    }

    /** Types a line into a bash that runs in the directory; returns what the terminal showed. */
    private String typed(String line) throws Exception {
        return typed("", line);
    }

    private String typed(String before, String line) throws Exception {
        Files.writeString(directory.resolve(".completion"), CommandRun.here("completion", "bash").succeeded().out);
        Files.writeString(
                directory.resolve(".rc"),
                "PS1=; cd " + directory + "; PATH=$PATH:$PWD/programs; standpipe() { printf '[%s]' \"$@\"; echo; }\n"
                        + before + "\nsource .completion\n"
                        + "bind 'set enable-bracketed-paste off'; bind 'set show-all-if-ambiguous on'; bind 'set page-completions off'\n"
                        + "bind 'set completion-query-items 0'\n");
        Path keys = Files.writeString(directory.resolve(".keys"), line + "\n"
                + "printf 'the %s' end; until grep -q 'the end' shown; do :; done; exit\n");
        return Pty.take(directory, BASH + " --noprofile --rcfile " + directory.resolve(".rc") + " -i", keys);
    }

    private void assertCompleted(String line, String arguments) throws Exception {
        String shown = typed(line);
        assertTrue(shown.contains("\n" + arguments + "\r\n"), shown);
        CompletionShell.assertNotRun(directory);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "checkp\\t--fr\\tcg\\t             | [checkpoint][--freeze][cgroup]",
        "checkpoint --freeze=cg\\t         | [checkpoint][--freeze=cgroup]",
        "restore --copy ap\\t              | [restore][--copy][app one.ckpt]",
        "checkpoint -o ap\\t               | [checkpoint][-o][app one.ckpt]",
        "man -o prog\\t                    | [man][-o][programs/]",
        "list --columns pid,comm\\t        | [list][--columns][pid,command]",
        "swap --signal US\\t1              | [swap][--signal][USR1]",
        "checkpoint --fd 1:2 --str\\t      | [checkpoint][--fd][1:2][--strict]",
        "attach 1 for\\t                   | [attach][1][forget]",
        "help checkp\\t                    | [help][checkpoint]",
        "cri\\timp\\t--js\\t                 | [criu][import][--json]",
        "criu import -o ap\\t              | [criu][import][-o][app one.ckpt]",
        "-q criu import prog\\t            | [-q][criu][import][programs/]",
        "criu --verb\\t                    | [criu][--verbose]",
        "help criu imp\\t                  | [help][criu][import]",
        "--vers\\t                         | [--version]",
        "swap --pid 1 -- probe-of\\t       | [swap][--pid][1][--][probe-of-completion]",
        "restore app.ckpt probe-of\\t      | [restore][app.ckpt][probe-of-completion]",
        "restore x -- echo ap\\t           | [restore][x][--][echo][app one.ckpt]",
        "restore x -- echo --cop\\t        | [restore][x][--][echo][--cop]"})
    void lineIsCompleted(String typed, String arguments) throws Exception {
        assertCompleted("standpipe " + typed.replace("\\t", "\t"), arguments);
    }

    @Test
    void everyCommandIsOffered() throws Exception {
        String shown = typed("standpipe \t");
        for (String command : Verbs.NAMES) {
            assertTrue(shown.contains(command + " ") || shown.contains(command + "\r"), () -> command + " in " + shown);
        }
    }

    @Test
    void fileNameWithCommandSubstitutionIsNotExecuted() throws Exception {
        assertCompleted("standpipe show $\t", "[show][$(touch run)]");
        assertCompleted("standpipe checkpoint -o $\t", "[checkpoint][-o][$(touch run)]");
        assertCompleted("standpipe swap --pid 1 -- $\t", "[swap][--pid][1][--][$(touch run)]");
    }

    @Test
    void pidsAreOfferedWithTheirCommands() throws Exception {
        Process process = CompletionShell.trap(directory);
        try {
            // Where all pids begin alike, bash inserts the beginning first, and lists what there is to choose from at the third tab only.
            String shown = typed("standpipe hold --pid \t\t\t");
            assertTrue(shown.contains(process.pid() + " (" + CompletionShell.TRAP + ")"), shown);
            assertCompleted("standpipe list --pid 1," + process.pid() + "\t", "[list][--pid][1," + process.pid() + "]");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void commandIsCompletedAsByItself() throws Exception {
        Host.assumeFile(BASH_COMPLETION);
        String shown = typed("source " + BASH_COMPLETION + "; complete -W --of-its-own probe-of-completion", "standpipe restore x -- probe-of-completion --of\t");
        assertTrue(shown.contains("\n[restore][x][--][probe-of-completion][--of-its-own]\r\n"), shown);
    }

    @Test
    void shellThatCallsIsKnown() throws Exception {
        for (String shell : List.of("bash", "zsh", "fish")) {
            String script = CommandRun.here("completion", shell).succeeded().out;
            assertTrue(script.contains("for " + shell + ". Made by: standpipe completion " + shell + "\n"), script);
        }
        CommandRun bash = CommandRun.through(List.of(BASH.toString(), "-c", "\"$@\"; true", "bash"), "completion");
        assertEquals(CommandRun.here("completion", "bash").out, bash.succeeded().out);
        CommandRun.here("completion", "csh").failed(2, "SHELL: 'csh' is none of bash, zsh, fish");
    }
}
