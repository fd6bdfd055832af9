// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.pipe.ErrnoException;


import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Things that only kcmp can tell apart, in the order that it gives them: one is found by a few comparisons among many. */
public final class KcmpSet<T> {

    /** Compares something that is looked for with one that was met. */
    interface Probe<T> {

        /** Less than 0, 0 or more than 0 as the one that was met comes before, is the same, or comes after. */
        int compare(T met) throws ErrnoException;
    }

    /** Compares where kcmp may not be used. */
    interface Sameness<T> {

        /** Whether something that is looked for is the one that was met. */
        boolean test(T met) throws ErrnoException;
    }

    /** Of a pipe's ends there is mostly but one of a kind: then it needs no list. */
    private T only;
    private List<T> ordered;
    private int place;

    /** The one that is the same, or null: then {@link #add} has the place for it. */
    T find(Probe<T> probe) throws ErrnoException {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            T met = get(middle);
            int order = probe.compare(met);
            if (order == 0) {
                return met;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        place = low;
        return null;
    }

    /** The same one after another. Whoever begins with this stays with it: what is added then has no order. */
    T findSame(Sameness<T> sameness) throws ErrnoException {
        for (int i = 0; i < size(); i++) {
            if (sameness.test(get(i))) {
                return get(i);
            }
        }
        place = size();
        return null;
    }

    /** Forgets those of which something holds; returns whether there were any. */
    boolean removeIf(Predicate<T> condition) {
        list();
        return ordered.removeIf(condition);
    }

    /** Adds what was not found just now; what nobody looked for has no order. */
    void add(T found) {
        if (ordered == null && only == null) {
            only = found;
        } else {
            list();
            ordered.add(place, found);
        }
    }

    /** Forgets all, and where the next one would belong. */
    void clear() {
        only = null;
        ordered = null;
        place = 0;
    }

    private int size() {
        return ordered != null ? ordered.size() : only == null ? 0 : 1;
    }

    private T get(int index) {
        return ordered != null ? ordered.get(index) : only;
    }

    private void list() {
        if (ordered == null) {
            ordered = only == null ? new ArrayList<>() : new ArrayList<>(List.of(only));
        }
    }
}
