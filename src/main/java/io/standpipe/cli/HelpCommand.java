// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.HelpText;
import io.standpipe.cli.options.TextKind;
import io.standpipe.cli.options.Value;

/** {@code standpipe help}. */
final class HelpCommand extends Subcommand {

    private final Value<String> verb = syntax.operand("COMMAND", TextKind.VERB, "The command. Default: standpipe itself.");

    private final Value<String> nested = syntax.operand("SUBCOMMAND", GroupCommand.NESTED, "One of the group's, such as import of criu.");

    HelpCommand() {
        super("standpipe help", "Prints the help of standpipe, or of one of its commands.");
        syntax.examples("standpipe help checkpoint", "standpipe help criu import");
    }

    @Override
    int run() {
        Subcommand command = GroupCommand.named(verb, nested);
        out().print(HelpText.of(command.syntax, command.commands()));
        return ExitCode.DONE;
    }
}
