// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import io.standpipe.internal.format.Version;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A manual page of a command, made from the same model as {@code --help}: troff source with the man macros. All text is
 * escaped, so that troff takes no text for a command.
 */
public final class ManPage {

    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    /** @param commands of which the command consists; none for most */
    public static String of(Syntax syntax, List<Syntax> commands) {
        ManPage manPage = new ManPage();
        manPage.write(syntax, commands);
        return manPage.page.toString();
    }

    /** Returns the name of the page, such as {@code standpipe-checkpoint}. */
    public static String name(Syntax syntax) {
        return syntax.name().replace(' ', '-');
    }

    private void write(Syntax syntax, List<Syntax> commands) {
        List<String> description = syntax.description();
        String source = "standpipe " + Version.current();
        line(".TH \"" + escape(name(syntax).toUpperCase(Locale.ROOT)) + "\" 1 \"\" \"" + escape(source) + "\" \"Standpipe\"");
        line(".ad l\n.nh");
        section("NAME");
        text(name(syntax) + " - " + description.get(0).replaceFirst("\\.\\s*$", ""));
        section("SYNOPSIS");
        text(String.join(" ", Synopsis.words(syntax)));
        section("DESCRIPTION");
        description.forEach(this::paragraph);
        writeArguments(syntax);
        if (!commands.isEmpty()) {
            section("COMMANDS");
            commands.forEach(each -> item(each.verb(), each.description().get(0)));
        }
        if (!syntax.exitStatuses().isEmpty()) {
            section("EXIT STATUS");
            syntax.exitStatuses().forEach(each -> item(each.status(), each.meaning()));
        }
        if (!syntax.examples().isEmpty()) {
            section("EXAMPLES");
            syntax.examples().forEach(this::literal);
        }
        section("SEE ALSO");
        Stream<String> related = commands.isEmpty()
                ? Stream.of(parent(syntax)) : commands.stream().map(ManPage::name);
        text(related.map(other -> other + "(1)").collect(Collectors.joining(", ")));
    }

    /** Returns the name of the page of the command, or group, that a command is one of. */
    private static String parent(Syntax syntax) {
        return name(syntax).substring(0, name(syntax).lastIndexOf('-'));
    }

    private void writeArguments(Syntax syntax) {
        if (!syntax.operands().isEmpty()) {
            section("ARGUMENTS");
            syntax.operands().forEach(each -> item(each.label(), each.description()));
        }
        section("OPTIONS");
        for (Parameter each : Synopsis.sorted(syntax)) {
            item((each.shortName() == null ? "" : each.shortName() + ", ") + Synopsis.form(each), each.description());
        }
    }

    private void section(String name) {
        line(".SH \"" + name + "\"");
    }

    private void text(String sentence) {
        line(escape(sentence));
    }

    private void paragraph(String sentences) {
        beginParagraph();
        text(sentences);
    }

    /** Adds a heading in bold with sentences that explain the heading. */
    private void item(String heading, String sentences) {
        line(".TP\n\\fB" + escape(heading) + "\\fR");
        text(sentences);
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
