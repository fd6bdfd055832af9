// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReusedListTest {

    private final ReusedList<StringBuilder> list = new ReusedList<>(StringBuilder::new);

    @Test
    void holdsWhatWasAppendedInThatOrder() {
        StringBuilder first = list.append();
        StringBuilder second = list.append();
        assertNotSame(first, second);
        assertSame(first, list.get(0));
        assertSame(second, list.get(1));
        assertEquals(2, list.size());
    }

    @Test
    void handsTheSameOutAgainAfterItWasCleared() {
        StringBuilder first = list.append();
        StringBuilder second = list.append();
        list.clear();
        assertSame(first, list.append());
        assertSame(second, list.append());
    }

    @Test
    void hasNothingOfWhatWasThereBefore() {
        list.append();
        list.append();
        list.clear();
        assertEquals(List.of(), list);
        list.append();
        assertEquals(1, list.size());
        assertThrows(IndexOutOfBoundsException.class, () -> list.get(1));
    }
}
