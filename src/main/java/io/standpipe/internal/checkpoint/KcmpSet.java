// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.pipe.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A set of kernel objects that only {@code kcmp} tells apart, in its order: a few comparisons find one among many. */
final class KcmpSet<T> {

    /** Compares an object that is looked for with one that was met. */
    interface Comparison<T> {

        /** Returns less than 0, 0 or more than 0 as the one that was met comes before, is the same, or comes after. */
        int compare(T met) throws ErrnoException;
    }

    private final List<T> ordered = new ArrayList<>(1);
    private int insertionIndex;

    /** Returns the one that is the same, or null: then {@link #add} puts the new one at its place. */
    @Nullable T find(Comparison<T> comparison) throws ErrnoException {
        int low = 0;
        int high = ordered.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            T met = ordered.get(middle);
            int order = comparison.compare(met);
            if (order == 0) {
                return met;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        insertionIndex = low;
        return null;
    }

    /**
     * Asks one after another, where kcmp may not be used and a comparison only finds out whether two are the same. From then on the
     * set has no order, and {@link #find} does not find everything.
     */
    @Nullable T findUnordered(Comparison<T> comparison) throws ErrnoException {
        for (T met : ordered) {
            if (comparison.compare(met) == 0) {
                return met;
            }
        }
        insertionIndex = ordered.size();
        return null;
    }

    /** Removes those of which a condition holds; returns whether there were any. */
    boolean removeIf(Predicate<T> condition) {
        return ordered.removeIf(condition);
    }

    /** Adds what was not found just now. */
    void add(T object) {
        ordered.add(insertionIndex, object);
    }
}
