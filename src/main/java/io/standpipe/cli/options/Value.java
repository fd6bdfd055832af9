// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An option with a value, or an operand.
 *
 * @param <T> what a typed value becomes
 */
public final class Value<T> extends Parameter {

    private static final char SEPARATOR = ',';

    private final String label;
    private final Kind<T> kind;
    private final List<T> all = new ArrayList<>();
    private boolean required;
    private boolean repeated;
    private boolean list;
    private @Nullable String ifBare;

    Value(String names, String label, Kind<T> kind, String description) {
        super(names, description);
        this.label = label;
        this.kind = kind;
    }

    /** It must be typed. */
    public Value<T> required() {
        required = true;
        return this;
    }

    /** It may be typed several times. */
    public Value<T> repeated() {
        repeated = true;
        return this;
    }

    /** It may be typed several times, each time with one or several values, with commas between them. */
    public Value<T> list() {
        list = true;
        return repeated();
    }

    /** The option may be typed without a value, which stands for this one. */
    public Value<T> ifBare(String typed) {
        ifBare = typed;
        return this;
    }

    /** Returns what was typed, or the other value if nothing was. */
    public T orElse(T other) {
        return all.isEmpty() ? other : all.get(0);
    }

    /** Returns what was typed, or null. */
    public @Nullable T orNull() {
        return all.isEmpty() ? null : all.get(0);
    }

    /** Returns what was typed for what is required. */
    public T get() {
        return all.get(0);
    }

    /** Returns all that was typed, in that order. */
    public List<T> all() {
        return all;
    }

    @Override
    public boolean isGiven() {
        return !all.isEmpty();
    }

    /** Returns the name of the value. */
    public String label() {
        return label;
    }

    /** Returns the kind of the value. */
    public Kind<T> kind() {
        return kind;
    }

    /** Returns whether it must be typed. */
    public boolean isRequired() {
        return required;
    }

    /** Returns whether it may be typed several times. */
    public boolean isRepeated() {
        return repeated;
    }

    /** Returns whether commas may separate several values. */
    public boolean isList() {
        return list;
    }

    /** Returns whether the option may be typed without a value. */
    public boolean mayBeBare() {
        return ifBare != null;
    }

    @Override
    void take(@Nullable String typed) {
        if (isGiven() && !repeated) {
            throw new UsageException(name() + " is given twice");
        }
        String text = typed != null ? typed : ifBare != null ? ifBare : "";
        int begin = 0;
        for (int end = list ? text.indexOf(SEPARATOR) : -1; end >= 0; end = text.indexOf(SEPARATOR, begin)) {
            add(text.substring(begin, end));
            begin = end + 1;
        }
        add(text.substring(begin));
    }

    private void add(String typed) {
        try {
            all.add(kind.of(typed));
        } catch (IllegalArgumentException e) {
            throw new UsageException(name() + ": " + e.getMessage());
        }
    }
}
