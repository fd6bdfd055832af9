// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Objects under objrefs that are far apart: a hash over flat arrays. */
public final class SparseObjrefs {

    private static final int INITIAL_SLOTS = 16;

    /** Odd and unforeseeable, so that no image can choose objrefs that all fall on one place. */
    private final int multiplier = ThreadLocalRandom.current().nextInt() | 1;

    private int[] objrefs = new int[INITIAL_SLOTS];
    private ObjectType[] types = new ObjectType[INITIAL_SLOTS];
    private Object[] objects = new Object[INITIAL_SLOTS];
    private int size;

    /** Puts an object under its objref, which is free. */
    void insert(ObjectType type, int objref, Object object) {
        place(find(objref), type, objref, object);
        size++;
        if (2 * size > objrefs.length) {
            grow();
        }
    }

    /** The object under an objref, or null. */
    Object fetch(int objref) {
        return objects[find(objref)];
    }

    /** What type of object an objref stands for, or null if it is free. */
    ObjectType typeOf(int objref) {
        return types[find(objref)];
    }

    void forEach(Consumer<Object> visitor) {
        for (Object object : objects) {
            if (object != null) {
                visitor.accept(object);
            }
        }
    }

    private int find(int objref) {
        int mask = objrefs.length - 1;
        int slot = objref * multiplier >>> Integer.numberOfLeadingZeros(mask);
        while (objrefs[slot] != 0 && objrefs[slot] != objref) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void place(int slot, ObjectType type, int objref, Object object) {
        objrefs[slot] = objref;
        types[slot] = type;
        objects[slot] = object;
    }

    private void grow() {
        int[] oldObjrefs = objrefs;
        ObjectType[] oldTypes = types;
        Object[] oldObjects = objects;
        int slots = 2 * oldObjrefs.length;
        objrefs = new int[slots];
        types = new ObjectType[slots];
        objects = new Object[slots];
        for (int i = 0; i < oldObjrefs.length; i++) {
            if (oldObjrefs[i] != 0) {
                place(find(oldObjrefs[i]), oldTypes[i], oldObjrefs[i], oldObjects[i]);
            }
        }
    }
}
