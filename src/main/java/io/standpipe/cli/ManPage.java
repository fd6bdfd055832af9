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

/**
 * A manual page of a command, made from the same picocli model as {@code --help}: troff source with the man macros. All text is
 * escaped, so that troff takes no text for a command.
 */
final class ManPage {

    private final CommandSpec spec;
    private final Help help;
    private final StringBuilder page = new StringBuilder();

    private ManPage(CommandLine commandLine) {
        spec = commandLine.getCommandSpec();
        help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
    }

    static String of(CommandLine commandLine) {
        ManPage manPage = new ManPage(commandLine);
        manPage.write();
        return manPage.page.toString();
    }

    /** Returns the name of the page, such as {@code standpipe-checkpoint}. */
    static String name(CommandLine commandLine) {
        return commandLine.getCommandSpec().qualifiedName("-");
    }

    private void write() {
        String[] description = spec.usageMessage().description();
        String name = spec.qualifiedName("-");
        String source = "standpipe " + Version.current();
        line(".TH \"" + escape(name.toUpperCase(Locale.ROOT)) + "\" 1 \"\" \"" + escape(source) + "\" \"Standpipe\"");
        line(".ad l\n.nh");
        section("NAME");
        text(name + " - " + description[0].replaceFirst("\\.\\s*$", ""));
        section("SYNOPSIS");
        text(help.synopsis(0).strip().replaceAll("\\s+", " "));
        section("DESCRIPTION");
        Stream.of(description).forEach(this::paragraph);
        writeArguments();
        writeCommands();
        writeExitStatus();
        writeFooter();
        section("SEE ALSO");
        Stream<String> related = spec.parent() == null
                ? spec.subcommands().values().stream().map(ManPage::name)
                : Stream.of(spec.parent().qualifiedName("-"));
        text(related.map(other -> other + "(1)").collect(Collectors.joining(", ")));
    }

    private void writeArguments() {
        if (!spec.positionalParameters().isEmpty()) {
            section("ARGUMENTS");
            spec.positionalParameters().forEach(parameter -> item(parameter.paramLabel(), parameter.description()));
        }
        section("OPTIONS");
        for (OptionSpec option : spec.options()) {
            Help.Ansi.Text label = help.parameterLabelRenderer().renderParameterLabel(option, Help.Ansi.OFF, List.of());
            item(String.join(", ", option.names()) + label, option.description());
        }
    }

    private void writeCommands() {
        if (!spec.subcommands().isEmpty()) {
            section("COMMANDS");
        }
        spec.subcommands().forEach((name, subcommand) -> item(name, subcommand.getCommandSpec().usageMessage().description()[0]));
    }

    private void writeExitStatus() {
        if (!spec.usageMessage().exitCodeList().isEmpty()) {
            section("EXIT STATUS");
        }
        spec.usageMessage().exitCodeList().forEach((status, meaning) -> item(status, meaning));
    }

    /** Writes indented lines of the footer as examples, their title as a section, and other lines as text. */
    private void writeFooter() {
        for (String line : spec.usageMessage().footer()) {
            if (line.startsWith("Example")) {
                section("EXAMPLES");
            } else if (line.startsWith(" ")) {
                literal(line.strip());
            } else if (!line.isEmpty()) {
                paragraph(line);
            }
        }
    }

    private void section(String name) {
        line(".SH \"" + name + "\"");
    }

    private void text(String sentence) {
        line(escape(String.format(sentence).strip()));
    }

    private void paragraph(String sentences) {
        beginParagraph();
        text(sentences);
    }

    /** Adds a heading in bold with sentences that explain the heading. */
    private void item(String heading, String... sentences) {
        line(".TP\n\\fB" + escape(heading) + "\\fR");
        for (String sentence : sentences) {
            text(sentence);
        }
    }

    /** Adds a line that is shown as it is typed. */
    private void literal(String typed) {
        beginParagraph();
        line(".nf\n.RS 4\n" + escape(typed) + "\n.RE\n.fi");
    }

    /** Begins a paragraph, which a section's title has done already. */
    private void beginParagraph() {
        if (!page.substring(page.lastIndexOf("\n", page.length() - 2) + 1).startsWith(".SH ")) {
            line(".PP");
        }
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    /** Escapes characters that troff would print as other characters, and the dot that begins a command. */
    static String escape(String plain) {
        String escaped = plain.replace("\\", "\\(rs").replace("-", "\\-")
                .replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti").replace("\"", "\\(dq");
        return escaped.startsWith(".") ? "\\&" + escaped : escaped;
    }
}
