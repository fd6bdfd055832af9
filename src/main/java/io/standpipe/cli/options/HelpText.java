// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code --help} prints of a command. */
public final class HelpText {

    private static final int MOST_COLUMNS = 100;
    private static final int LONGEST_LABEL = 28;
    private static final int OPTION_GAP = 3;
    private static final int COMMAND_GAP = 2;
    private static final String WITHOUT_SHORT_NAME = "    ";

    private final StringBuilder text = new StringBuilder();

    private HelpText() {}

    /** @param commands of which the command consists; none for most */
    public static String of(Syntax syntax, List<Syntax> commands) {
        HelpText help = new HelpText();
        help.write(syntax, commands);
        return help.text.toString();
    }

    private void write(Syntax syntax, List<Syntax> commands) {
        List<String> words = new ArrayList<>(Synopsis.words(syntax));
        String usage = "Usage: " + words.remove(0) + " ";
        text.append(usage);
        words(words, usage.length(), usage.length());
        syntax.description().forEach(each -> words(List.of(each.split(" ")), 0, 0));
        rows(arguments(syntax), OPTION_GAP);
        if (!commands.isEmpty()) {
            text.append("Commands:\n");
            Map<String, String> meanings = new LinkedHashMap<>();
            commands.forEach(each -> meanings.put(each.verb(), each.description().get(0)));
            rows(meanings, COMMAND_GAP);
        }
        if (!syntax.exitStatuses().isEmpty()) {
            text.append("\nExit status:\n");
            Map<String, String> meanings = new LinkedHashMap<>();
            syntax.exitStatuses().forEach(each -> meanings.put(each.status(), each.meaning()));
            rows(meanings, OPTION_GAP);
        }
        if (!syntax.examples().isEmpty()) {
            text.append(syntax.examples().size() == 1 ? "\nExample:\n" : "\nExamples:\n");
            syntax.examples().forEach(each -> text.append("  ").append(each).append('\n'));
        }
    }

    private static Map<String, String> arguments(Syntax syntax) {
        Map<String, String> meanings = new LinkedHashMap<>();
        for (Value<?> each : syntax.operands()) {
            meanings.put(WITHOUT_SHORT_NAME + Synopsis.operand(each), each.description());
        }
        for (Parameter each : Synopsis.sorted(syntax)) {
            String shortName = each.shortName() == null ? WITHOUT_SHORT_NAME : each.shortName() + ", ";
            meanings.put(shortName + Synopsis.form(each), each.description());
        }
        return meanings;
    }

    /** Adds labels with their meaning beside them, or below if a label is long. */
    private void rows(Map<String, String> meanings, int gap) {
        int longest = meanings.keySet().stream().mapToInt(String::length).filter(length -> length <= LONGEST_LABEL).max().orElse(0);
        int column = 2 + longest + gap;
        meanings.forEach((label, meaning) -> {
            text.append("  ").append(label);
            if (label.length() > longest) {
                text.append('\n').append(" ".repeat(column));
            } else {
                text.append(" ".repeat(column - 2 - label.length()));
            }
            words(List.of(meaning.split(" ")), column, column + 2);
        });
    }

    /** Adds words to a line that has so many characters already; further lines are indented. */
    private void words(List<String> words, int begun, int indent) {
        int column = begun;
        String between = "";
        for (String word : words) {
            if (column + between.length() + word.length() > MOST_COLUMNS) {
                between = "\n" + " ".repeat(indent);
                column = indent - between.length();
            }
            text.append(between).append(word);
            column += between.length() + word.length();
            between = " ";
        }
        text.append('\n');
    }
}
