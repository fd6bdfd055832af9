// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.util.Locale;

/** A page of Markdown, from top to bottom. */
final class Markdown {

    private final StringBuilder text = new StringBuilder();

    void heading(String title) {
        text.append(text.isEmpty() ? "# " : "## ").append(title).append("\n\n");
    }

    void paragraph(String words) {
        text.append(words).append("\n\n");
    }

    void item(String words) {
        text.append("- ").append(words).append('\n');
    }

    /** Ends a list or a table. */
    void end() {
        text.append('\n');
    }

    /** Begins a table; a column whose title begins with a colon is of numbers. */
    void columns(String... titles) {
        StringBuilder rule = new StringBuilder("|");
        text.append('|');
        for (String title : titles) {
            boolean number = title.startsWith(":");
            text.append(' ').append(number ? title.substring(1) : title).append(" |");
            rule.append(number ? "---:|" : "---|");
        }
        text.append('\n').append(rule).append('\n');
    }

    void row(String... cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    void image(String title, String file) {
        text.append("![").append(title).append("](").append(file).append(")\n\n");
    }

    static String micros(double nanos) {
        return number(nanos / 1000) + " us";
    }

    static String millis(double nanos) {
        return number(nanos / 1_000_000) + " ms";
    }

    static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }

    @Override
    public String toString() {
        return text.toString().stripTrailing() + "\n";
    }
}
