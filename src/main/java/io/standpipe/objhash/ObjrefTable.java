// SPDX-License-Identifier: Apache-2.0
package io.standpipe.objhash;

import java.util.Arrays;
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

    /** Objrefs below this, and below so many times the number of objects, have a place of their own. */
    private static final int DENSE_AT_LEAST = 16;
    private static final int PLACES_FOR_AN_OBJECT = 4;

    /** At twice an objref its object, and behind that the object's type. */
    private Object[] dense = new Object[2 * DENSE_AT_LEAST];
    private SparseObjrefs sparse;
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
        ObjectType taker = typeOf(objref);
        if (taker != null) {
            throw new IllegalArgumentException("objref " + objref + " is taken by a " + taker);
        }
        if (!isDense(objref) && objref / PLACES_FOR_AN_OBJECT <= size) {
            dense = Arrays.copyOf(dense, 4 * Integer.highestOneBit(objref));
        }
        if (isDense(objref)) {
            dense[2 * objref] = object;
            dense[2 * objref + 1] = type;
        } else {
            insertSparse(type, objref, object);
        }
        size++;
    }

    private void insertSparse(ObjectType type, int objref, T object) {
        if (sparse == null) {
            sparse = new SparseObjrefs();
        }
        sparse.insert(type, objref, object);
    }

    private boolean isDense(int objref) {
        return objref < dense.length / 2;
    }

    /**
     * The object under an objref.
     *
     * @return null if there is none of that type
     */
    @SuppressWarnings("unchecked")
    public T fetch(ObjectType type, int objref) {
        if (objref <= 0 || typeOf(objref) != type) {
            return null;
        }
        return (T) (isDense(objref) && dense[2 * objref] != null ? dense[2 * objref] : sparse.fetch(objref));
    }

    /** What type of object an objref stands for, or null if it is free. */
    public ObjectType typeOf(int objref) {
        if (objref <= 0) {
            return null;
        }
        ObjectType type = isDense(objref) ? (ObjectType) dense[2 * objref + 1] : null;
        return type == null && sparse != null ? sparse.typeOf(objref) : type;
    }

    /** How many objects are in the table. */
    public int size() {
        return size;
    }

    /** Visits every object, in no particular order. */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super T> visitor) {
        for (int i = 0; i < dense.length; i += 2) {
            if (dense[i] != null) {
                visitor.accept((T) dense[i]);
            }
        }
        if (sparse != null) {
            sparse.forEach(object -> visitor.accept((T) object));
        }
    }
}
