// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.HelpText;
import io.standpipe.cli.options.TextKind;
import io.standpipe.cli.options.Value;

/** {@code standpipe help}. */
final class HelpCommand extends Subcommand {

    private final Value<String> verb = syntax.operand("COMMAND", TextKind.VERB, "The command. Default: standpipe itself.");

    HelpCommand() {
        super("standpipe help", "Prints the help of standpipe, or of one of its commands.");
        syntax.examples("standpipe help checkpoint");
    }

    @Override
    int run() {
        String name = verb.orNull();
        Subcommand command = name == null ? Verbs.root() : Verbs.named(name);
        if (command == null) {
            throw RootCommand.unknown(verb.get());
        }
        out().print(HelpText.of(command.syntax, command.commands()));
        return ExitCode.DONE;
    }
}
