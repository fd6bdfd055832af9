// SPDX-License-Identifier: Apache-2.0
package io.standpipe.docs;

import java.util.ArrayList;
import java.util.List;

/**
 * A page of the documentation, and the commands in it: in blocks that begin with {@code ```console}, each line behind {@code $} is a
 * command, and the lines up to the next one are what it prints.
 */
final class Page {

    private static final String OPEN = "```console";
    private static final String CLOSE = "```";
    private static final String PROMPT = "$ ";

    /** A command with what it prints, by the numbers of the page's lines; the last line is excluded. */
    record Step(int line, int end, String command, List<String> printed) {}

    private final List<String> lines;
    private final List<Step> steps = new ArrayList<>();

    Page(List<String> lines) {
        this.lines = lines;
        boolean inside = false;
        for (int i = 0; i < lines.size(); i++) {
            inside = inside ? !lines.get(i).equals(CLOSE) : lines.get(i).equals(OPEN);
            if (inside && lines.get(i).startsWith(PROMPT)) {
                int end = i + 1;
                while (!lines.get(end).startsWith(PROMPT) && !lines.get(end).equals(CLOSE)) {
                    end++;
                }
                steps.add(new Step(i, end, lines.get(i).substring(PROMPT.length()), lines.subList(i + 1, end)));
            }
        }
    }

    List<Step> steps() {
        return steps;
    }

    /** Returns the page with other output. */
    List<String> with(List<List<String>> outputs) {
        List<String> page = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < steps.size(); i++) {
            page.addAll(lines.subList(at, steps.get(i).line() + 1));
            page.addAll(outputs.get(i));
            at = steps.get(i).end();
        }
        page.addAll(lines.subList(at, lines.size()));
        return page;
    }
}
