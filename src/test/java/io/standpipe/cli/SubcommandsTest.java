// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class SubcommandsTest {

    private static final Set<String> OF_ALL = Set.of("completion", "man", "help");

    @Test
    void nameEqualsTheNameInTheAnnotation() {
        for (Class<?> command : Main.subcommandsFor()) {
            assertEquals(command.getAnnotation(Command.class).name(), Main.name(command));
        }
    }

    @Test
    void commandLineHasOnlyTheNamedSubcommand() {
        for (Class<?> command : Main.subcommandsFor()) {
            String name = Main.name(command);
            Set<String> there = Main.commandLine(name, "--help").getSubcommands().keySet();
            assertEquals(OF_ALL.contains(name) ? all() : Set.of(name), there);
        }
    }

    @Test
    void commandLineHasAllSubcommandsIfNoneIsNamed() {
        for (String[] arguments : List.of(new String[0], new String[] {"--help"}, new String[] {"chekpoint"})) {
            assertEquals(all(), Main.commandLine(arguments).getSubcommands().keySet());
        }
    }

    @Test
    void usageIsTheSameWithOneAndWithAllSubcommands() {
        CommandLine complete = Main.commandLine();
        for (String name : all()) {
            assertEquals(
                    complete.getSubcommands().get(name).getUsageMessage(),
                    Main.commandLine(name).getSubcommands().get(name).getUsageMessage());
            assertTrue(complete.getUsageMessage().contains("  " + name + " "), name);
        }
    }

    private static Set<String> all() {
        return Main.subcommandsFor().stream().map(Main::name).collect(Collectors.toSet());
    }
}
