// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

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

    private static final ObjectType[] TYPES = ObjectType.values();

    /** Objrefs below this, and below so many times the number of objects, have a place of their own. */
    private static final int DENSE_AT_LEAST = 16;
    private static final int PLACES_FOR_AN_OBJECT = 4;

    /** By objref the object's type, counted from 1, and the object itself. */
    private byte[] types = new byte[DENSE_AT_LEAST];
    private Object[] objects = new Object[DENSE_AT_LEAST];
    private SparseObjrefs sparse;
    private int highest;
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
            int places = 2 * Integer.highestOneBit(objref);
            types = Arrays.copyOf(types, places);
            objects = Arrays.copyOf(objects, places);
        }
        if (isDense(objref)) {
            highest = Math.max(highest, objref);
            types[objref] = code(type);
            objects[objref] = object;
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
        return objref >= 0 && objref < types.length;
    }

    private static byte code(ObjectType type) {
        return (byte) (type.ordinal() + 1);
    }

    /**
     * The object under an objref.
     *
     * @return null if there is none of that type
     */
    @SuppressWarnings("unchecked")
    public T fetch(ObjectType type, int objref) {
        if (isDense(objref)) {
            if (types[objref] == code(type)) {
                return (T) objects[objref];
            }
            if (types[objref] != 0) {
                return null;
            }
        }
        return sparse != null && sparse.typeOf(objref) == type ? (T) sparse.fetch(objref) : null;
    }

    /** What type of object an objref stands for, or null if it is free. */
    public ObjectType typeOf(int objref) {
        if (isDense(objref) && types[objref] != 0) {
            return TYPES[types[objref] - 1];
        }
        return sparse != null ? sparse.typeOf(objref) : null;
    }

    /** How many objects are in the table. */
    public int size() {
        return size;
    }

    /** Forgets every object. What the table took of memory it keeps for those to come, but for objrefs far apart. */
    public void clear() {
        Arrays.fill(types, 0, highest + 1, (byte) 0);
        Arrays.fill(objects, 0, highest + 1, null);
        highest = 0;
        sparse = null;
        size = 0;
    }

    /** Visits every object, in no particular order. */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super T> visitor) {
        for (Object object : objects) {
            if (object != null) {
                visitor.accept((T) object);
            }
        }
        if (sparse != null) {
            sparse.forEach(object -> visitor.accept((T) object));
        }
    }
}
