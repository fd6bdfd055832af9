// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersMetTest {

    /** Numbers of which about so many in a hundred do not go on from the one before. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 50, 100})
    void aNumberIsNewOnce(int jumpsInAHundred) {
        Random random = new Random(jumpsInAHundred);
        List<Image.Descriptor> descriptors = new ArrayList<>();
        NumbersMet met = new NumbersMet(descriptors);
        Set<Integer> expected = new HashSet<>();
        int number = 0;
        for (int i = 0; i < 5000; i++) {
            number = random.nextInt(100) < jumpsInAHundred ? random.nextInt(3000) : number + random.nextInt(2);
            boolean isNew = expected.add(number);
            assertEquals(isNew, met.add(number), "number " + number);
            if (isNew) {
                descriptors.add(new Image.Descriptor(number, false, null));
            }
        }
    }
}
