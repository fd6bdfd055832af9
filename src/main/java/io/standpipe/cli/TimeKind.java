// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.Kind;
import io.standpipe.cli.options.NumberKind;
import java.time.Duration;

/** A time, such as {@code 10s}, {@code 500ms} or {@code 10m}; a number alone is seconds. */
final class TimeKind implements Kind<Duration> {

    private static final int MOST_DIGITS = 9;

    @Override
    public Duration of(String typed) {
        int digits = 0;
        while (digits < typed.length() && Character.isDigit(typed.charAt(digits))) {
            digits++;
        }
        String number = typed.substring(0, digits);
        if (digits > MOST_DIGITS || !NumberKind.isNumber(number)) {
            throw refused(typed);
        }
        long count = Long.parseLong(number);
        return switch (typed.substring(digits)) {
            case "ms" -> Duration.ofMillis(count);
            case "", "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> throw refused(typed);
        };
    }

    private static IllegalArgumentException refused(String typed) {
        return new IllegalArgumentException("'" + typed + "' is no time, expected such as 500ms, 10s, 10m, 2h or 1d");
    }
}
