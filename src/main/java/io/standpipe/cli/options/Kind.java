// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.List;

/**
 * A kind of value, such as a number.
 *
 * @param <T> what a typed value becomes
 */
public interface Kind<T> {

    /** @throws IllegalArgumentException with a message that says what is wrong with the value, and what is expected */
    T of(String typed);

    /** Returns what a shell offers. */
    default Completion completion() {
        return Completion.NONE;
    }

    /** Returns the words that a shell offers, if there is a fixed set of them. */
    default List<String> words() {
        return List.of();
    }
}
