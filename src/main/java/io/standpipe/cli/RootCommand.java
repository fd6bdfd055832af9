// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.Nearest;
import io.standpipe.cli.options.Syntax;
import io.standpipe.cli.options.TextKind;
import io.standpipe.cli.options.UsageException;
import io.standpipe.cli.options.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code standpipe} without the name of a command, or with one that does not exist. */
final class RootCommand extends Subcommand {

    private final Value<String> verb =
            syntax.operand("COMMAND", TextKind.VERB, "One of those below. Each has a --help and a manual page of its own.");

    RootCommand() {
        super("standpipe", "Saves what is in open pipes, and puts it back.");
        syntax.exitStatus("0", "Done.");
        syntax.exitStatus("1", "It failed.");
        syntax.exitStatus("2", "Wrong usage.");
        syntax.exitStatus("3", "The image is refused.");
        syntax.exitStatus("4", "The kernel, a permission or a limit does not allow it.");
        syntax.exitStatus("125", "restore, swap, criu dump, criu restore: it failed, and no command was run.");
        syntax.exitStatus("126", "these: the command, or CRIU, cannot be executed.");
        syntax.exitStatus(
                "127", "these: there is no such command, or no CRIU. Any other status of these is their command's own; of several"
                        + " commands, that of the first that did not end with 0.");
        syntax.examples(
                "standpipe checkpoint --pid 4711 --output app.ckpt", "standpipe show app.ckpt",
                "standpipe restore app.ckpt -- consumer --flag");
    }

    @Override
    List<Syntax> commands() {
        return Verbs.syntaxes(Verbs.NAMES);
    }

    @Override
    int run() {
        String unknown = verb.orNull();
        throw unknown == null ? new UsageException("no command is named") : unknown(unknown);
    }

    /** Returns what is said of a word that should be a command, or of two words that should be one of a group. */
    static UsageException unknown(String typed) {
        List<String> group = Verbs.within(typed.substring(0, Math.max(0, typed.indexOf(' '))));
        List<String> names = group.isEmpty() ? Verbs.NAMES : group;
        @Nullable String nearest = Nearest.to(typed, names);
        return new UsageException("no command named " + typed + "; "
                + (nearest != null ? "did you mean " + nearest + "?"
                        : (names.size() == 1 ? "there is " : "there are ") + String.join(", ", names)));
    }
}
