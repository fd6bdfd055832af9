// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.Completion;
import io.standpipe.cli.options.Kind;
import io.standpipe.cli.options.NumberKind;
import java.util.List;
import java.util.Locale;

/** A signal: a name, with or without SIG, or a number. */
final class SignalKind implements Kind<Integer> {

    /** Those by which programs are asked to end or to stop; any other goes by its number. */
    private static final List<String> NAMES = List.of("HUP", "INT", "KILL", "QUIT", "STOP", "TERM", "USR1", "USR2");

    private static final int[] NUMBERS = {1, 2, 9, 3, 19, 15, 10, 12};
    private static final int MOST = 64;

    @Override
    public Integer of(String typed) {
        String name = typed.toUpperCase(Locale.ROOT);
        int at = NAMES.indexOf(name.startsWith("SIG") ? name.substring("SIG".length()) : name);
        int number = at >= 0 ? NUMBERS[at] : NumberKind.isNumber(typed) ? Integer.parseInt(typed) : 0;
        if (number < 1 || number > MOST) {
            throw new IllegalArgumentException(
                    "'" + typed + "' is no signal, expected " + String.join(", ", NAMES) + " or a number up to " + MOST);
        }
        return number;
    }

    @Override
    public Completion completion() {
        return Completion.WORDS;
    }

    @Override
    public List<String> words() {
        return NAMES;
    }
}
