// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.time.Duration;

/** Numbers for people; the JDK's formatter asks for the symbols of a language, for which a new JVM takes 20 ms. */
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
        return tenths(value) + " " + UNITS[unit];
    }

    /** A time such as {@code 183 us}, {@code 2.4 ms} or {@code 1.2 s}. */
    static String duration(Duration duration) {
        double micros = duration.toNanos() / 1e3;
        if (micros < 1e3) {
            return Math.round(micros) + " us";
        }
        return micros < 1e6 ? tenths(micros / 1e3) + " ms" : tenths(micros / 1e6) + " s";
    }

    /** A count with its noun: {@code 1 pipe}, {@code 3 pipes}. */
    static String count(long count, String noun) {
        return grouped(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /** A count with a comma before each three digits. */
    static String grouped(long count) {
        StringBuilder digits = new StringBuilder(Long.toString(count));
        for (int at = digits.length() - 3; at > (count < 0 ? 1 : 0); at -= 3) {
            digits.insert(at, ',');
        }
        return digits.toString();
    }

    private static String tenths(double value) {
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + tenths % 10;
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
