// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers for people. */
final class Sizes {

    private static final int BAR_LENGTH = 20;
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

    private Sizes() {}

    /** A length such as {@code 900 B} or {@code 68.2 KiB}. */
    static String bytes(long count) {
        if (count < 1024) {
            return count + " B";
        }
        double value = count;
        int unit = -1;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** A time such as {@code 183 us}, {@code 2.4 ms} or {@code 1.2 s}. */
    static String duration(Duration duration) {
        double micros = duration.toNanos() / 1e3;
        if (micros < 1e3) {
            return String.format(Locale.ROOT, "%.0f us", micros);
        }
        return micros < 1e6
                ? String.format(Locale.ROOT, "%.1f ms", micros / 1e3)
                : String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    }

    /** A count with its noun: {@code 1 pipe}, {@code 3 pipes}. */
    static String count(long count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }

    /** How full something is. Anything queued shows at least one mark, and only what is full shows all. */
    static String bar(long filled, long capacity) {
        long marks = capacity == 0 ? 0 : Math.min(BAR_LENGTH, filled * BAR_LENGTH / capacity);
        if (filled > 0) {
            marks = Math.max(1, marks);
        }
        return "[" + "#".repeat((int) marks) + ".".repeat(BAR_LENGTH - (int) marks) + "]";
    }
}
