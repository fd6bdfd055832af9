// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LiveProcess;
import io.standpipe.internal.format.EscapedPath;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names processes for people. A process chooses its name and its arguments: what is not printable in them is escaped. */
final class ProcessText {

    /** How docker, podman, containerd, CRI-O and LXC name the cgroup of a container; of an id in hexadecimal, 12 digits are enough. */
    private static final Pattern CONTAINER = Pattern.compile(
            "(?:.*[/-])?(?<id>\\p{XDigit}{12})\\p{XDigit}{52}(?:\\.scope)?(?:/.*)?|.*/lxc(?:\\.payload)?[/.](?<name>[^/]+).*");

    /** What a terminal might obey, or cannot show: control characters, and those that turn the writing around. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    /** Where no terminal says how much can be read at a glance. */
    private static final int MOST_COLUMNS = 160;

    private static final int FIRST_WIDE = 0x1100;
    private static final String CUT = "...";

    private ProcessText() {}

    /** Returns the command line; the name alone, in brackets as ps has it, if the process has none. */
    static String command(LiveProcess process) {
        String line = process.commandLine().trim();
        return line.isEmpty() ? "[" + EscapedPath.of(process.name()) + "]" : EscapedPath.of(line);
    }

    /** Returns the command line, cut to a number of columns or, if that is 0, to what can be read at a glance. */
    static String command(LiveProcess process, int columns) {
        return cut(command(process), columns == 0 ? MOST_COLUMNS : columns);
    }

    /** Returns the container that a process is in; an empty string if it seems to be in none. */
    static String container(LiveProcess process) {
        Matcher container = CONTAINER.matcher(process.cgroup());
        if (!container.matches()) {
            return "";
        }
        String id = container.group("id");
        return id != null ? id : EscapedPath.of(container.group("name"));
    }

    /** Returns a text that names processes, with ? for what is not printable. */
    static String printable(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }

    /** Returns a text that takes at most so many columns of a terminal. */
    static String cut(String text, int columns) {
        if (2 * text.length() <= columns || columns(text) <= columns) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int left = columns - CUT.length();
        for (int c : text.codePoints().toArray()) {
            left -= columns(c);
            if (left < 0) {
                break;
            }
            cut.appendCodePoint(c);
        }
        return cut + CUT;
    }

    /** Returns how many columns of a terminal a text takes. */
    static int columns(String text) {
        return text.codePoints().map(ProcessText::columns).sum();
    }

    /** Takes what may be as wide as two letters for so wide. */
    private static int columns(int c) {
        return c < FIRST_WIDE ? 1 : 2;
    }
}
