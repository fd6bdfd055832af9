// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** {@code standpipe completion}. */
@Command(
        name = "completion",
        description = "Prints a script by which bash, or zsh, completes what is typed behind standpipe.",
        footer = {"", "Examples:",
            "  source <(standpipe completion)",
            "  standpipe completion > ~/.local/share/bash-completion/completions/standpipe"})
final class CompletionCommand extends Subcommand {

    /** The line that picocli writes. The shell expands the names of files here, and would run a name such as $(command). */
    private static final String EXPANDED_FILES = "positionals=$( compgen -f -- \"${curr_word}\" ) # files";

    /** The line that takes the names of files literally. */
    private static final String LITERAL_FILES = "COMPREPLY=( $( compgen -f -- \"${curr_word}\" ) ) # files\n      return";

    @Override
    public Integer call() {
        CommandSpec root = spec.root();
        String script = AutoComplete.bash(root.name(), root.commandLine());
        if (!script.contains(EXPANDED_FILES)) {
            throw new IllegalStateException("picocli completes names of files in another way than is known to be safe");
        }
        out().print(script.replace(EXPANDED_FILES, LITERAL_FILES));
        return ExitCode.DONE;
    }
}
