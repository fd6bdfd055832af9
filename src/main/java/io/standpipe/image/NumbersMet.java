// SPDX-License-Identifier: Apache-2.0
package io.standpipe.image;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Which numbers of descriptors a table has had. Mostly they ascend: then one that is higher than all before is new. */
final class NumbersMet {

    private final Set<Integer> outOfOrder = new HashSet<>();
    private int[] ascending = new int[16];
    private int count;

    /** Adds a number; returns whether it is a new one. */
    boolean add(int number) {
        if (count == 0 || number > ascending[count - 1]) {
            if (!outOfOrder.isEmpty() && outOfOrder.contains(number)) {
                return false;
            }
            append(number);
            return true;
        }
        return Arrays.binarySearch(ascending, 0, count, number) < 0 && outOfOrder.add(number);
    }

    private void append(int number) {
        if (count == ascending.length) {
            ascending = Arrays.copyOf(ascending, 2 * count);
        }
        ascending[count++] = number;
    }
}
