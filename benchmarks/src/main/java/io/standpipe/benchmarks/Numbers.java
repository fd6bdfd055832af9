// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.util.Locale;

/** Formats figures of the report. */
final class Numbers {

    private Numbers() {}

    static String time(double nanos) {
        return nanos < 10_000_000 ? number(nanos / 1000) + " us" : number(nanos / 1_000_000) + " ms";
    }

    /** Three digits, or all that are before the point. */
    static String number(double number) {
        return String.format(Locale.ROOT, number < 0.1 ? "%.3f" : number < 10 ? "%.2f" : number < 100 ? "%.1f" : "%.0f", number);
    }
}
