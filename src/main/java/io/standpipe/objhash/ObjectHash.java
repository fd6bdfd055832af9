// SPDX-License-Identifier: Apache-2.0
package io.standpipe.objhash;

/**
 * The saving side of the object hash: who is who. Gives every object met an objref, the same one each time it is met, and
 * says whether it was met for the first time.
 *
 * <p>Objrefs count up from 1 in one numbering for all types and are never reused ("c/r" series, v18 30/80). An object is
 * known by its type and two full 64-bit words: {@code st_dev} and {@code st_ino} of a pipe, for example. Open addressing
 * over flat arrays: a lookup allocates nothing. Not safe for use by several threads.
 */
public final class ObjectHash {

    private static final int INITIAL_SLOTS = 64;
    private static final ObjectType[] TYPES = ObjectType.values();

    private long[] keys = new long[2 * INITIAL_SLOTS];
    private int[] objrefs = new int[INITIAL_SLOTS];
    private byte[] types = new byte[INITIAL_SLOTS];
    private int size;
    private boolean first;

    /**
     * The objref of an object, new if it is met for the first time; {@link #wasFirst()} tells which.
     *
     * @return a positive number
     * @throws IllegalStateException if all objrefs are given out
     */
    public int lookupAdd(ObjectType type, long key1, long key2) {
        int slot = find(type, key1, key2);
        first = objrefs[slot] == 0;
        if (!first) {
            return objrefs[slot];
        }
        if (size == Integer.MAX_VALUE) {
            throw new IllegalStateException("all " + size + " objrefs are given out");
        }
        size++;
        keys[2 * slot] = key1;
        keys[2 * slot + 1] = key2;
        types[slot] = (byte) type.ordinal();
        objrefs[slot] = size;
        int objref = size;
        if (2 * size > objrefs.length) {
            grow();
        }
        return objref;
    }

    /** Whether the last {@link #lookupAdd} met its object for the first time. */
    public boolean wasFirst() {
        return first;
    }

    /** How many objects have been met, which is also the highest objref given out. */
    public int size() {
        return size;
    }

    /** The slot where the object is, or where it would go. */
    private int find(ObjectType type, long key1, long key2) {
        int mask = objrefs.length - 1;
        int slot = hash(type, key1, key2) & mask;
        while (objrefs[slot] != 0
                && (keys[2 * slot] != key1 || keys[2 * slot + 1] != key2 || types[slot] != type.ordinal())) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static int hash(ObjectType type, long key1, long key2) {
        long mixed = (key2 + type.ordinal()) * 0x9E3779B97F4A7C15L ^ key1;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        return (int) (mixed ^ mixed >>> 32);
    }

    private void grow() {
        if (objrefs.length > Integer.MAX_VALUE / 4) {
            throw new IllegalStateException("the object hash is full at " + size + " objects");
        }
        long[] oldKeys = keys;
        int[] oldObjrefs = objrefs;
        byte[] oldTypes = types;
        keys = new long[2 * oldKeys.length];
        objrefs = new int[2 * oldObjrefs.length];
        types = new byte[2 * oldTypes.length];
        for (int i = 0; i < oldObjrefs.length; i++) {
            if (oldObjrefs[i] != 0) {
                int slot = find(TYPES[oldTypes[i]], oldKeys[2 * i], oldKeys[2 * i + 1]);
                keys[2 * slot] = oldKeys[2 * i];
                keys[2 * slot + 1] = oldKeys[2 * i + 1];
                types[slot] = oldTypes[i];
                objrefs[slot] = oldObjrefs[i];
            }
        }
    }
}
