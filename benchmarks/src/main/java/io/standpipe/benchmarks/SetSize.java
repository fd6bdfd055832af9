// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many pipes a set has, and how many bytes are queued in each.
 *
 * @param bytesEach 0 for empty pipes
 */
record SetSize(int pipes, int bytesEach) {

    /** The capacity of a new pipe; Java alone cannot make a larger one. */
    static final int DEFAULT_CAPACITY_BYTES = 65_536;

    private static final Pattern FORM = Pattern.compile("(\\d+)x(?:(\\d+)(KiB|MiB)|empty)");

    /** Returns such as "1,000 pipes of 4 KiB". */
    String words() {
        String count = String.format(Locale.ROOT, "%,d", pipes);
        String noun = pipes == 1 ? "pipe" : "pipes";
        return bytesEach == 0 ? count + " empty " + noun
                : count + " " + noun + " of " + (bytesEach >= 1_048_576 ? bytesEach / 1_048_576 + " MiB" : bytesEach / 1024 + " KiB");
    }

    /** @param text such as "100x64KiB" or "1000xempty" */
    static SetSize parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("set is " + text + ", expected such as 100x64KiB or 1000xempty");
        }
        int pipes = Integer.parseInt(matcher.group(1));
        if (matcher.group(2) == null) {
            return new SetSize(pipes, 0);
        }
        int unitBytes = matcher.group(3).equals("MiB") ? 1_048_576 : 1024;
        return new SetSize(pipes, Math.multiplyExact(Integer.parseInt(matcher.group(2)), unitBytes));
    }
}
