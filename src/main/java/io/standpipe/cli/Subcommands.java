// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.HelpCommand;

/**
 * The commands of the command line. What one of them takes is found by reflection, and for all of them that takes a new JVM longer than
 * most of them run: so where one is named, there is no other.
 */
final class Subcommands {

    private static final String SUFFIX = "Command";

    /** In the order in which they are told of. */
    private static final List<Class<?>> ALL = List.of(
            CheckpointCommand.class, RestoreCommand.class, ListCommand.class, PeekCommand.class, ShowCommand.class,
            ExtractCommand.class, AttachCommand.class, CheckCommand.class, DemoCommand.class, CompletionCommand.class,
            ManCommand.class, HelpCommand.class);

    /** Those that tell of all. */
    private static final List<Class<?>> OF_ALL = List.of(CompletionCommand.class, ManCommand.class, HelpCommand.class);

    private Subcommands() {}

    /** The one that arguments name, if they begin with that; otherwise all. */
    static List<Class<?>> neededBy(String... args) {
        for (Class<?> command : ALL) {
            if (args.length > 0 && args[0].equals(name(command)) && !OF_ALL.contains(command)) {
                return List.of(command);
            }
        }
        return ALL;
    }

    /** How a command line names it; what it says of itself says the same. */
    static String name(Class<?> command) {
        String name = command.getSimpleName();
        return name.substring(0, name.length() - SUFFIX.length()).toLowerCase(Locale.ROOT);
    }
}
