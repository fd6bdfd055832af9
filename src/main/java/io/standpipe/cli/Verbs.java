// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The subcommands by name. */
final class Verbs {

    /** In the order of {@code --help}. */
    static final List<String> NAMES = List.of(
            "checkpoint", "restore", "swap", "hold", "list", "peek", "drain", "show", "extract", "attach", "check", "demo",
            "completion", "man", "help");

    private static final String ROOT = "standpipe";

    private Verbs() {}

    /** Returns a new command, or null if none has the name. Loads the class of this one only, since a new JVM takes time for each. */
    static @Nullable Subcommand named(String name) {
        return (Subcommand) create(name);
    }

    /** Returns {@code standpipe} itself. */
    static Subcommand root() {
        return (Subcommand) Objects.requireNonNull(create(ROOT));
    }

    /** Were it declared to return a Subcommand, the JVM's verifier would load all of these classes, to see that each is one. */
    private static @Nullable Object create(String name) {
        return switch (name) {
            case ROOT -> new RootCommand();
            case "checkpoint" -> new CheckpointCommand();
            case "restore" -> new RestoreCommand();
            case "swap" -> new SwapCommand();
            case "hold" -> new HoldCommand();
            case "list" -> new ListCommand();
            case "peek" -> new PeekCommand();
            case "drain" -> new DrainCommand();
            case "show" -> new ShowCommand();
            case "extract" -> new ExtractCommand();
            case "attach" -> new AttachCommand();
            case "check" -> new CheckCommand();
            case "demo" -> new DemoCommand();
            case "completion" -> new CompletionCommand();
            case "man" -> new ManCommand();
            case "help" -> new HelpCommand();
            default -> null;
        };
    }

    /** Returns what each subcommand takes. */
    static List<Syntax> syntaxes() {
        List<Syntax> syntaxes = new ArrayList<>();
        for (String name : NAMES) {
            Subcommand command = named(name);
            if (command != null) {
                syntaxes.add(command.syntax);
            }
        }
        return syntaxes;
    }
}
