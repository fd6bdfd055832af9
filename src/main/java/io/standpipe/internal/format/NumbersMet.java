// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which numbers of descriptors a table has had. Mostly they ascend: then one that is higher than all before is new. */
public final class NumbersMet {

    private final List<Image.Descriptor> descriptors;
    private int highest = -1;
    private Set<Integer> all;

    /** @param descriptors those of the table, to which each whose number is added here is added next */
    NumbersMet(List<Image.Descriptor> descriptors) {
        this.descriptors = descriptors;
    }

    /** Adds a number, 0 or more; returns whether it is a new one. */
    boolean add(int number) {
        if (all == null) {
            if (number > highest) {
                highest = number;
                return true;
            }
            all = new HashSet<>();
            descriptors.forEach(descriptor -> all.add(descriptor.number()));
        }
        return all.add(number);
    }
}
