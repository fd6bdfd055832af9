// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.format.Version;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page of a command, made from the same picocli model as {@code --help}. */
final class ManPage {

    private final CommandSpec spec;
    private final Help help;
    private final Roff roff = new Roff();

    private ManPage(CommandLine commandLine) {
        spec = commandLine.getCommandSpec();
        help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
    }

    /** Returns the page as troff source with the man macros. */
    static String of(CommandLine commandLine) {
        ManPage page = new ManPage(commandLine);
        page.write();
        return page.roff.toString();
    }

    /** Returns the name of the page, such as {@code standpipe-checkpoint}. */
    static String name(CommandLine commandLine) {
        return commandLine.getCommandSpec().qualifiedName("-");
    }

    private void write() {
        String[] description = spec.usageMessage().description();
        roff.title(spec.qualifiedName("-").toUpperCase(Locale.ROOT), "standpipe " + Version.current());
        roff.section("NAME");
        roff.text(spec.qualifiedName("-") + " - " + description[0].replaceFirst("\\.\\s*$", ""));
        roff.section("SYNOPSIS");
        roff.text(help.synopsis(0).strip().replaceAll("\\s+", " "));
        roff.section("DESCRIPTION");
        Stream.of(description).forEach(roff::paragraph);
        writeArguments();
        writeCommands();
        writeExitStatus();
        writeFooter();
        roff.section("SEE ALSO");
        roff.text(related().map(page -> page + "(1)").collect(Collectors.joining(", ")));
    }

    private void writeArguments() {
        List<PositionalParamSpec> parameters = spec.positionalParameters();
        if (!parameters.isEmpty()) {
            roff.section("ARGUMENTS");
            parameters.forEach(parameter -> roff.item(parameter.paramLabel(), parameter.description()));
        }
        roff.section("OPTIONS");
        spec.options().forEach(option -> roff.item(heading(option), option.description()));
    }

    private String heading(OptionSpec option) {
        String label = help.parameterLabelRenderer().renderParameterLabel(option, Help.Ansi.OFF, List.of()).toString();
        return String.join(", ", option.names()) + label;
    }

    private void writeCommands() {
        if (!spec.subcommands().isEmpty()) {
            roff.section("COMMANDS");
            spec.subcommands().forEach((name, subcommand) ->
                    roff.item(name, subcommand.getCommandSpec().usageMessage().description()[0]));
        }
    }

    private void writeExitStatus() {
        if (!spec.usageMessage().exitCodeList().isEmpty()) {
            roff.section("EXIT STATUS");
            spec.usageMessage().exitCodeList().forEach((status, meaning) -> roff.item(status, meaning));
        }
    }

    /** Writes indented lines of the footer as examples, their title as a section, and other lines as text. */
    private void writeFooter() {
        for (String line : spec.usageMessage().footer()) {
            if (line.startsWith("Example")) {
                roff.section("EXAMPLES");
            } else if (line.startsWith(" ")) {
                roff.literal(line.strip());
            } else if (!line.isEmpty()) {
                roff.paragraph(line);
            }
        }
    }

    private Stream<String> related() {
        return spec.parent() == null
                ? spec.subcommands().values().stream().map(ManPage::name) : Stream.of(spec.parent().qualifiedName("-"));
    }
}
