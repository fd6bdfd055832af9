// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.time.Duration;

/** Formats numbers for people. Formats such as {@code %,d} would load the symbols of a language, which takes a new JVM 20 ms. */
final class Sizes {

    private static final int BAR_LENGTH = 20;
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

    private Sizes() {}

    /** Returns a length such as {@code 900 B} or {@code 68.2 KiB}. */
    static String bytes(long lengthBytes) {
        if (lengthBytes < 1024) {
            return lengthBytes + " B";
        }
        double value = lengthBytes;
        int unit = -1;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return tenths(value) + " " + UNITS[unit];
    }

    /** Returns a time such as {@code 183 us}, {@code 2.4 ms} or {@code 1.2 s}. */
    static String duration(Duration duration) {
        double micros = duration.toNanos() / 1e3;
        if (micros < 1e3) {
            return Math.round(micros) + " us";
        }
        return micros < 1e6 ? tenths(micros / 1e3) + " ms" : tenths(micros / 1e6) + " s";
    }

    /** Returns a count with its noun: {@code 1 pipe}, {@code 3 pipes}. */
    static String count(long count, String noun) {
        return grouped(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /** Returns a count with a comma before each three digits. */
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

    /** Returns a bar, and in figures how many bytes of a capacity are in use. */
    static String use(long filledBytes, long capacityBytes) {
        return bar(filledBytes, capacityBytes) + " " + grouped(filledBytes) + " of " + grouped(capacityBytes) + " bytes";
    }

    /** Returns a bar of 20 marks. One byte shows at least one mark, and only a full pipe shows all 20. */
    static String bar(long filledBytes, long capacityBytes) {
        long marks = capacityBytes == 0 ? 0 : Math.min(BAR_LENGTH, filledBytes * BAR_LENGTH / capacityBytes);
        if (filledBytes > 0) {
            marks = Math.max(1, marks);
        }
        return "[" + "#".repeat((int) marks) + ".".repeat(BAR_LENGTH - (int) marks) + "]";
    }
}
