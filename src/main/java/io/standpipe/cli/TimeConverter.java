// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Makes a time of what was typed, such as {@code 10s}, {@code 500ms} or {@code 10m}; a number alone is seconds. */
final class TimeConverter implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)?");

    @Override
    public Duration convert(String typed) {
        Matcher form = FORM.matcher(typed);
        if (!form.matches()) {
            throw new TypeConversionException("'" + typed + "' is no time, expected such as 500ms, 10s, 10m, 2h or 1d");
        }
        long number = Long.parseLong(form.group(1));
        String unit = form.group(2) == null ? "s" : form.group(2);
        switch (unit) {
            case "ms":
                return Duration.ofMillis(number);
            case "m":
                return Duration.ofMinutes(number);
            case "h":
                return Duration.ofHours(number);
            case "d":
                return Duration.ofDays(number);
            default:
                return Duration.ofSeconds(number);
        }
    }
}
