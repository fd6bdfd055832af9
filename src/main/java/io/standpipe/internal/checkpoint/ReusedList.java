// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Supplier;

/** A list whose elements stay with it when it is cleared, and are handed out again: what is needed time after time is made once. */
public final class ReusedList<T> extends AbstractList<T> implements RandomAccess {

    private final Supplier<T> maker;
    private final List<T> made = new ArrayList<>();
    private int size;

    /** @param maker makes an element where none is left */
    ReusedList(Supplier<T> maker) {
        this.maker = maker;
    }

    /** Appends an element, as it was made or as its last user left it, and returns it. */
    T append() {
        if (size == made.size()) {
            made.add(maker.get());
        }
        return made.get(size++);
    }

    @Override
    public T get(int index) {
        return made.get(Objects.checkIndex(index, size));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void clear() {
        size = 0;
    }
}
