// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.BashCompletion;

/** {@code standpipe completion}. */
final class CompletionCommand extends Subcommand {

    CompletionCommand() {
        super("standpipe completion", "Prints a script by which bash, or zsh, completes what is typed behind standpipe.");
        syntax.examples(
                "source <(standpipe completion)",
                "standpipe completion > ~/.local/share/bash-completion/completions/standpipe");
    }

    @Override
    int run() {
        out().print(BashCompletion.of(Verbs.root().syntax, Verbs.syntaxes()));
        return ExitCode.DONE;
    }
}
