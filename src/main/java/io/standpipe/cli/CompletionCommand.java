// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.BashCompletion;
import io.standpipe.cli.options.FishCompletion;
import io.standpipe.cli.options.Syntax;
import io.standpipe.cli.options.Value;
import io.standpipe.cli.options.WordKind;
import io.standpipe.cli.options.ZshCompletion;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code standpipe completion}. */
final class CompletionCommand extends Subcommand {

    /** How many processes a wrapper may put between the shell and this one, sudo among them. */
    private static final int MOST_BETWEEN = 4;

    private static final WordKind<Shell> SHELLS = new WordKind<>(Shell.values());

    private enum Shell { BASH, ZSH, FISH }

    private final Value<Shell> shell = syntax.operand(
            "SHELL", SHELLS, "bash, zsh or fish. Default: the one from which this is called, or that of the environment variable SHELL.");

    CompletionCommand() {
        super(
                "standpipe completion",
                "Prints a script by which a shell completes what is typed behind standpipe.",
                "Commands, options and their values are completed, pids with their commands, and behind -- a command with what it takes itself.");
        syntax.examples(
                "source <(standpipe completion)",
                "standpipe completion bash > ~/.local/share/bash-completion/completions/standpipe",
                "standpipe completion zsh > ~/.zfunc/_standpipe",
                "standpipe completion fish > ~/.config/fish/completions/standpipe.fish");
    }

    @Override
    int run() {
        Syntax root = Verbs.root().syntax;
        List<Syntax> commands = Verbs.syntaxes(Verbs.allNames());
        out().print(switch (shell.isGiven() ? shell.get() : calling()) {
            case BASH -> BashCompletion.of(root, commands);
            case ZSH -> ZshCompletion.of(root, commands);
            case FISH -> FishCompletion.of(root, commands);
        });
        return ExitCode.DONE;
    }

    private static Shell calling() {
        Optional<ProcessHandle> process = ProcessHandle.current().parent();
        for (int i = 0; i < MOST_BETWEEN && process.isPresent(); i++) {
            Shell found = named(process.get().info().command().orElse(null));
            if (found != null) {
                return found;
            }
            process = process.get().parent();
        }
        Shell usual = named(System.getenv("SHELL"));
        return usual == null ? Shell.BASH : usual;
    }

    private static @Nullable Shell named(@Nullable String program) {
        Path name = program == null ? null : Path.of(program).getFileName();
        for (Shell each : Shell.values()) {
            if (name != null && each.name().equalsIgnoreCase(name.toString())) {
                return each;
            }
        }
        return null;
    }
}
