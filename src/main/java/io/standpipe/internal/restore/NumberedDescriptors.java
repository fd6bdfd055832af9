// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.pipe.Fd;


import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Restored descriptors, by the number that each had. */
public final class NumberedDescriptors {

    private final int[] numbers;
    private final Fd[] descriptors;
    private int count;
    private boolean ordered = true;

    /** @param most how many there can be */
    NumberedDescriptors(int most) {
        numbers = new int[most];
        descriptors = new Fd[most];
    }

    /** Adds the descriptor that had a number, which none of those here had. */
    void add(int number, Fd descriptor) {
        ordered &= count == 0 || number > numbers[count - 1];
        numbers[count] = number;
        descriptors[count++] = descriptor;
    }

    /** The descriptor that had a number; null if there is none. */
    public Fd get(int number) {
        order();
        int at = Arrays.binarySearch(numbers, 0, count, number);
        return at < 0 ? null : descriptors[at];
    }

    /** The numbers that they had, ascending. */
    public SortedSet<Integer> numbers() {
        SortedSet<Integer> all = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            all.add(numbers[i]);
        }
        return all;
    }

    /** The number that each had, ascending, to the one it has now. */
    public Map<Integer, Integer> placement() {
        order();
        Map<Integer, Integer> placement = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            placement.put(numbers[i], descriptors[i].number());
        }
        return placement;
    }

    /** Mostly they were added in order. */
    private void order() {
        if (ordered) {
            return;
        }
        long[] places = new long[count];
        for (int i = 0; i < count; i++) {
            places[i] = (long) numbers[i] << Integer.SIZE | i;
        }
        Arrays.sort(places);
        Fd[] added = descriptors.clone();
        for (int i = 0; i < count; i++) {
            numbers[i] = (int) (places[i] >>> Integer.SIZE);
            descriptors[i] = added[(int) places[i]];
        }
        ordered = true;
    }

    /** Closes those that are still open. */
    public void closeAll() {
        Fd.closeAll(Arrays.asList(descriptors).subList(0, count));
    }
}
