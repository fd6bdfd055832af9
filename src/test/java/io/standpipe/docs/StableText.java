// SPDX-License-Identifier: Apache-2.0
package io.standpipe.docs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a command prints without what differs from run to run: ids of processes and pipes, times, dates, and the machine. */
final class StableText {

    private static final Pattern PIDS = Pattern.compile("\\b(?:process(?:es)?|pid|PID|thread) (\\d+)");
    private static final Pattern TIME = Pattern.compile("\\b\\d+(?:\\.\\d+)? (?:us|ms|s)\\b");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");
    private static final Pattern SIZE = Pattern.compile("\\b\\d+(?:\\.\\d+)? (?:B|KiB|MiB)\\b");
    private static final Pattern INODE = Pattern.compile("\\b(?<kind>pipe|socket|socket pair|inode) \\d{4,}(?: - \\d+)?");
    private static final Pattern KERNEL = Pattern.compile("Linux \\d\\S*( \\S+)?");
    private static final Pattern UNSEEN_LINE = Pattern.compile("standpipe: process.* could not be looked at, and may hold ends too: .*");
    private static final Pattern UNSEEN = Pattern.compile("; processes that could not be looked at, and may hold ends too: \\d+");
    private static final Pattern COLUMN_GAP = Pattern.compile(" {2,}");

    private StableText() {}

    /** Returns the lines of all commands, with a line masked that is the id of a process anywhere in these lines. */
    static List<List<String>> of(List<List<String>> outputs) {
        Set<String> pids = new HashSet<>();
        outputs.forEach(lines -> lines.forEach(line -> PIDS.matcher(line).results().map(found -> found.group(1)).forEach(pids::add)));
        List<List<String>> stable = new ArrayList<>();
        outputs.forEach(lines -> stable.add(lines.stream().map(line -> of(line, pids)).toList()));
        return stable;
    }

    /** Returns lines without the processes that this machine does not let us look at. */
    static List<String> withoutUnseen(List<String> lines) {
        return lines.stream()
                .filter(line -> !UNSEEN_LINE.matcher(line).matches())
                .map(line -> UNSEEN.matcher(line).replaceAll(""))
                .toList();
    }

    private static String of(String line, Set<String> pids) {
        String text = DATE.matcher(line).replaceAll("DATE");
        text = TIME.matcher(text).replaceAll("TIME");
        text = SIZE.matcher(text).replaceAll("SIZE");
        text = KERNEL.matcher(text).replaceAll("KERNEL");
        text = INODE.matcher(text).replaceAll("${kind} INODE");
        text = PIDS.matcher(text).replaceAll("process PID");
        text = pids.contains(text) ? "PID" : text;
        return COLUMN_GAP.matcher(text).replaceAll("  ").strip();
    }
}
