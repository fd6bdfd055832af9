// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.ArrayList;
import java.util.List;

/** A table of descriptors found while collecting. */
final class SavedTable {

    final int objref;
    final List<SavedDescriptor> descriptors = new ArrayList<>();
    /** The numbers of descriptors that are no pipes. */
    final List<Integer> others = new ArrayList<>();

    SavedTable(int objref) {
        this.objref = objref;
    }
}
