// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import org.jspecify.annotations.Nullable;

/** An option or an operand of a command, and what was typed for it. */
public abstract sealed class Parameter permits Flag, Value {

    private final String name;
    private final @Nullable String shortName;
    private final String description;

    /** @param names such as {@code "--pid"} or {@code "-o, --output"}; of an operand, its label */
    Parameter(String names, String description) {
        int comma = names.indexOf(',');
        this.shortName = comma < 0 ? null : names.substring(0, comma);
        this.name = comma < 0 ? names : names.substring(comma + 2);
        this.description = description;
    }

    /** Returns the long name, such as {@code --output}; of an operand, its label. */
    public final String name() {
        return name;
    }

    /** Returns the short name, such as {@code -o}, or null. */
    public final @Nullable String shortName() {
        return shortName;
    }

    /** Returns what it does, in sentences. */
    public final String description() {
        return description;
    }

    /** Returns whether it was typed. */
    public abstract boolean isGiven();

    /** Takes what was typed; null if nothing was typed behind the option. */
    abstract void take(@Nullable String typed);
}
