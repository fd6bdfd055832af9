// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.standpipe.pipe.Fd;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberedDescriptorsTest {

    private final NumberedDescriptors descriptors = new NumberedDescriptors(5);

    /** Of numbers that nobody has open: none of these is ever closed. */
    private Fd add(int number) {
        Fd descriptor = Fd.owning(Integer.MAX_VALUE);
        descriptors.add(number, descriptor);
        return descriptor;
    }

    @Test
    void aDescriptorIsFoundByItsNumberWhateverTheOrder() {
        Fd seven = add(7);
        Fd three = add(3);
        Fd highest = add(Integer.MAX_VALUE);
        Fd zero = add(0);
        assertSame(zero, descriptors.get(0));
        assertSame(three, descriptors.get(3));
        assertSame(seven, descriptors.get(7));
        assertSame(highest, descriptors.get(Integer.MAX_VALUE));
    }

    @Test
    void oneAddedAfterALookIsFoundToo() {
        add(7);
        assertNull(descriptors.get(3));
        Fd three = add(3);
        assertSame(three, descriptors.get(3));
    }

    @Test
    void thereIsNoneAtAnotherNumber() {
        add(3);
        add(5);
        assertNull(descriptors.get(4));
        assertNull(descriptors.get(0));
    }

    @Test
    void theNumbersAscend() {
        add(7);
        add(3);
        add(5);
        assertEquals(List.of(3, 5, 7), List.copyOf(descriptors.numbers()));
    }
}
