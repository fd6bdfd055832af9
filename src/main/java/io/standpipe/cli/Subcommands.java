// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.HelpCommand;

/**
 * The subcommands. Picocli finds the options of each by reflection, which for all of them takes a new JVM longer than most of
 * them run: if the arguments name one subcommand, only this one is added to the command line.
 */
final class Subcommands {

    private static final String SUFFIX = "Command";

    /** All subcommands, in the order of {@code --help}. */
    private static final List<Class<?>> ALL = List.of(
            CheckpointCommand.class, RestoreCommand.class, ListCommand.class, PeekCommand.class, ShowCommand.class,
            ExtractCommand.class, AttachCommand.class, CheckCommand.class, DemoCommand.class, CompletionCommand.class,
            ManCommand.class, HelpCommand.class);

    /** The subcommands that print something about all others. */
    private static final List<Class<?>> ABOUT_ALL = List.of(CompletionCommand.class, ManCommand.class, HelpCommand.class);

    private Subcommands() {}

    /** Returns the subcommand that the first argument names, or all if that is none or needs all. */
    static List<Class<?>> neededBy(String... args) {
        for (Class<?> command : ALL) {
            if (args.length > 0 && args[0].equals(name(command)) && !ABOUT_ALL.contains(command)) {
                return List.of(command);
            }
        }
        return ALL;
    }

    /** Returns the name on the command line, which equals the name in the class's annotation. */
    static String name(Class<?> command) {
        String name = command.getSimpleName();
        return name.substring(0, name.length() - SUFFIX.length()).toLowerCase(Locale.ROOT);
    }
}
