// SPDX-License-Identifier: Apache-2.0
package io.standpipe.objhash;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * The other direction of the object hash: from an objref to the object that goes by it. While restoring, the object is
 * what waits under its objref for the next one to claim it ("c/r" series, {@code ckpt_obj_insert} and
 * {@code ckpt_obj_fetch}).
 *
 * <p>Objrefs may come from an image and are any positive number; memory grows with the objects inserted, not with their
 * objrefs. A fetch allocates nothing. Not safe for use by several threads.
 *
 * @param <T> what the objrefs stand for
 */
public final class ObjrefTable<T> {

    private static final int INITIAL_SLOTS = 16;

    /** Odd and unforeseeable, so that no image can choose objrefs that all fall on one place. */
    private final int multiplier = ThreadLocalRandom.current().nextInt() | 1;

    private int[] objrefs = new int[INITIAL_SLOTS];
    private ObjectType[] types = new ObjectType[INITIAL_SLOTS];
    private Object[] objects = new Object[INITIAL_SLOTS];
    private int size;

    /**
     * Puts an object under its objref.
     *
     * @throws IllegalArgumentException if the objref is not positive or is taken
     */
    public void insert(ObjectType type, int objref, T object) {
        if (objref <= 0) {
            throw new IllegalArgumentException("objref is " + objref + ", expected a positive number");
        }
        int slot = find(objref);
        if (objrefs[slot] != 0) {
            throw new IllegalArgumentException("objref " + objref + " is taken by a " + types[slot]);
        }
        place(slot, type, objref, object);
        size++;
        if (2 * size > objrefs.length) {
            grow();
        }
    }

    /**
     * The object under an objref.
     *
     * @return null if there is none of that type
     */
    @SuppressWarnings("unchecked")
    public T fetch(ObjectType type, int objref) {
        int slot = find(objref);
        return objref > 0 && objrefs[slot] == objref && types[slot] == type ? (T) objects[slot] : null;
    }

    /** What type of object an objref stands for, or null if it is free. */
    public ObjectType typeOf(int objref) {
        int slot = find(objref);
        return objref > 0 && objrefs[slot] == objref ? types[slot] : null;
    }

    /** How many objects are in the table. */
    public int size() {
        return size;
    }

    /** Visits every object, in no particular order. */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super T> visitor) {
        for (int i = 0; i < objrefs.length; i++) {
            if (objrefs[i] != 0) {
                visitor.accept((T) objects[i]);
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
