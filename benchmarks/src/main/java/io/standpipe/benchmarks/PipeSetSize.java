// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many pipes a set has and how many bytes are queued in each, as told by a benchmark's parameter: "100x64KiB". */
record PipeSetSize(int pipes, int bytesEach) {

    /** What a pipe holds unless told otherwise, and all that one made in pure Java can hold. */
    static final int DEFAULT_CAPACITY_BYTES = 65_536;

    private static final Pattern FORM = Pattern.compile("(\\d+)x(?:(\\d+)(KiB|MiB)|empty)");

    static PipeSetSize parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("set is " + text + ", expected such as 100x64KiB or 1000xempty");
        }
        int bytes = 0;
        if (matcher.group(2) != null) {
            bytes = Math.multiplyExact(
                    Integer.parseInt(matcher.group(2)), matcher.group(3).equals("MiB") ? 1_048_576 : 1024);
        }
        return new PipeSetSize(Integer.parseInt(matcher.group(1)), bytes);
    }
}
