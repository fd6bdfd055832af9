// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The subcommands by name. One that is a group of commands has these by a second word. */
final class Verbs {

    /** In the order of {@code --help}. */
    static final List<String> NAMES = List.of(
            "checkpoint", "restore", "swap", "hold", "list", "peek", "drain", "show", "extract", "attach", "criu", "check", "demo",
            "completion", "man", "help");

    /** The commands of the group {@code criu}, by the two words that are typed; in the order of its {@code --help}. */
    static final List<String> CRIU_NAMES = List.of("criu dump", "criu restore", "criu hook", "criu import");

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
            case "criu" -> new CriuCommand();
            case "criu dump" -> new CriuDumpCommand();
            case "criu restore" -> new CriuRestoreCommand();
            case "criu hook" -> new CriuHookCommand();
            case "criu import" -> new CriuImportCommand();
            case "check" -> new CheckCommand();
            case "demo" -> new DemoCommand();
            case "completion" -> new CompletionCommand();
            case "man" -> new ManCommand();
            case "help" -> new HelpCommand();
            default -> null;
        };
    }

    /** Returns the names of all commands: those of a group follow the group. */
    static List<String> allNames() {
        List<String> names = new ArrayList<>();
        for (String name : NAMES) {
            names.add(name);
            names.addAll(within(name));
        }
        return names;
    }

    /** Returns the names of the commands of a group, each with that of the group; none for a command that is no group. */
    static List<String> within(String name) {
        return name.equals("criu") ? CRIU_NAMES : List.of();
    }

    /** Returns what each of some commands takes. */
    static List<Syntax> syntaxes(List<String> names) {
        List<Syntax> syntaxes = new ArrayList<>();
        for (String name : names) {
            Subcommand command = named(name);
            if (command != null) {
                syntaxes.add(command.syntax);
            }
        }
        return syntaxes;
    }
}
