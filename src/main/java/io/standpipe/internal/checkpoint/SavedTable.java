// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import java.util.ArrayList;
import java.util.List;

/** A table of descriptors found while collecting. Used again for another one. */
public final class SavedTable {

    private final ReusedList<SavedDescriptor> descriptors = new ReusedList<>(SavedDescriptor::new);
    private final List<Integer> others = new ArrayList<>();
    private int objref;

    void begin(int newObjref) {
        objref = newObjref;
        descriptors.clear();
        others.clear();
    }

    int objref() {
        return objref;
    }

    public List<SavedDescriptor> descriptors() {
        return descriptors;
    }

    void add(int number, boolean closeOnExec, SavedDescription description) {
        descriptors.append().begin(number, closeOnExec, description);
    }

    /** The numbers of descriptors that are no pipes. */
    List<Integer> others() {
        return others;
    }
}
