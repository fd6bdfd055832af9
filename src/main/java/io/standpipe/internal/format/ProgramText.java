// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;

/** What a process was, as text for people: bytes that are not printable are written as escapes. */
public final class ProgramText {

    /** Longer arguments, or command lines, are cut in messages. */
    private static final int MOST_IN_MESSAGE = 80;

    private static final String CUT = " ...";

    private ProgramText() {}

    /** Returns the command line, with quotes where an argument has blanks; the name in brackets if there are no arguments, as ps has it. */
    public static String of(Image.Program program) {
        StringBuilder text = new StringBuilder();
        for (byte[] argument : program.arguments()) {
            String word = EscapedPath.of(argument);
            boolean plain = !word.isEmpty() && word.indexOf(' ') < 0 && word.indexOf('\'') < 0;
            text.append(text.length() == 0 ? "" : " ").append(plain ? word : "'" + word.replace("'", "'\\''") + "'");
        }
        if (text.length() == 0) {
            return "[" + EscapedPath.of(program.name()) + "]";
        }
        return text.append(program.cut() ? CUT : "").toString();
    }

    /** Returns the beginning of the command line, for a message in which it is not the main thing. */
    public static String brief(Image.Program program) {
        String text = of(program);
        return text.codePointCount(0, text.length()) <= MOST_IN_MESSAGE
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MOST_IN_MESSAGE)) + CUT;
    }

    /** Returns the user's name, or the number if there is no name. */
    public static String user(Image.Program program) {
        return program.user() == null ? Long.toString(program.uid()) : EscapedPath.of(program.user());
    }
}
