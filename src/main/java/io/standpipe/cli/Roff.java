// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

/** Builds troff source with the man macros. Escapes all text, so that troff takes no text for a command. */
final class Roff {

    private final StringBuilder text = new StringBuilder();

    void title(String name, String source) {
        line(".TH \"" + escape(name) + "\" 1 \"\" \"" + escape(source) + "\" \"Standpipe\"");
        line(".ad l");
        line(".nh");
    }

    void section(String name) {
        line(".SH \"" + name + "\"");
    }

    void text(String sentence) {
        line(escape(String.format(sentence).strip()));
    }

    void paragraph(String sentences) {
        beginParagraph();
        text(sentences);
    }

    /** Adds a heading in bold with sentences that explain the heading. */
    void item(String heading, String... sentences) {
        line(".TP");
        line("\\fB" + escape(heading) + "\\fR");
        for (String sentence : sentences) {
            text(sentence);
        }
    }

    /** Adds a line that is shown as it is typed. */
    void literal(String typed) {
        beginParagraph();
        line(".nf");
        line(".RS 4");
        line(escape(typed));
        line(".RE");
        line(".fi");
    }

    /** Begins a paragraph, which a section's title has done already. */
    private void beginParagraph() {
        if (!text.substring(text.lastIndexOf("\n", text.length() - 2) + 1).startsWith(".SH ")) {
            line(".PP");
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** Escapes characters that troff would print as other characters, and the dot that begins a command. */
    private static String escape(String plain) {
        String escaped = plain.replace("\\", "\\(rs")
                .replace("-", "\\-")
                .replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti").replace("\"", "\\(dq");
        return escaped.startsWith(".") ? "\\&" + escaped : escaped;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
