// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Makes a signal's number of what was typed: a name, with or without SIG, or a number. */
final class SignalConverter implements ITypeConverter<Integer> {

    /** Those by which programs are asked to end or to stop; any other goes by its number. */
    private static final Map<String, Integer> NUMBERS = new TreeMap<>(Map.of(
            "HUP", 1, "INT", 2, "QUIT", 3, "KILL", 9, "USR1", 10, "USR2", 12, "TERM", 15, "STOP", 19));

    private static final int MOST = 64;

    @Override
    public Integer convert(String typed) {
        String name = typed.toUpperCase(Locale.ROOT);
        Integer number = NUMBERS.get(name.startsWith("SIG") ? name.substring("SIG".length()) : name);
        if (number == null && typed.matches("\\d{1,2}")) {
            number = Integer.valueOf(typed);
        }
        if (number == null || number < 1 || number > MOST) {
            throw new TypeConversionException(
                    "'" + typed + "' is no signal, expected one of " + NUMBERS.keySet() + " or a number up to " + MOST);
        }
        return number;
    }

    /** The candidates for shell completion. */
    static final class Names implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return NUMBERS.keySet().iterator();
        }
    }
}
