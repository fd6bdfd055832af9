// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One of some words: the names of an enum, in lower case. Capital letters are taken too.
 *
 * @param <E> the enum
 */
public final class WordKind<E extends Enum<E>> implements Kind<E> {

    private final E[] constants;

    /** @param constants all of the enum */
    public WordKind(E[] constants) {
        this.constants = constants;
    }

    @Override
    public E of(String typed) {
        for (E each : constants) {
            if (each.name().equalsIgnoreCase(typed)) {
                return each;
            }
        }
        String nearest = Nearest.to(typed, words());
        throw new IllegalArgumentException("'" + typed + "' is none of " + String.join(", ", words())
                + (nearest == null ? "" : "; did you mean " + nearest + "?"));
    }

    @Override
    public Completion completion() {
        return Completion.WORDS;
    }

    @Override
    public List<String> words() {
        List<String> words = new ArrayList<>();
        for (E each : constants) {
            words.add(each.name().toLowerCase(Locale.ROOT));
        }
        return words;
    }
}
