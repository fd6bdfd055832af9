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

    /** A slot is four words beside one another, so that a lookup has one place in memory to wait for: both keys, and the tag. */
    private static final int WORDS = 4;
    private static final int KEY_1 = 0;
    private static final int KEY_2 = 1;
    private static final int TAG = 2;

    private long[] table = new long[WORDS * INITIAL_SLOTS];
    private int slots = INITIAL_SLOTS;
    private int size;
    private boolean first;

    /**
     * The objref of an object, new if it is met for the first time; {@link #wasFirst()} tells which.
     *
     * @return a positive number
     * @throws IllegalStateException if all objrefs are given out
     */
    public int lookupAdd(ObjectType type, long key1, long key2) {
        int at = find(type.ordinal(), key1, key2);
        first = table[at + TAG] == 0;
        if (!first) {
            return (int) table[at + TAG];
        }
        if (size == Integer.MAX_VALUE) {
            throw new IllegalStateException("all " + size + " objrefs are given out");
        }
        size++;
        put(at, key1, key2, tag(type.ordinal(), size));
        int objref = size;
        if (2 * size > slots) {
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

    /** Type and objref; not 0, since no objref is. */
    private static long tag(int type, int objref) {
        return (long) type << Integer.SIZE | objref;
    }

    private static int type(long tag) {
        return (int) (tag >>> Integer.SIZE);
    }

    private void put(int at, long key1, long key2, long tag) {
        table[at + KEY_1] = key1;
        table[at + KEY_2] = key2;
        table[at + TAG] = tag;
    }

    /** Where in the table the object is, or where it would go. */
    private int find(int type, long key1, long key2) {
        int mask = slots - 1;
        int slot = hash(type, key1, key2) & mask;
        while (true) {
            int at = WORDS * slot;
            long tag = table[at + TAG];
            if (tag == 0 || table[at + KEY_2] == key2 && table[at + KEY_1] == key1 && type(tag) == type) {
                return at;
            }
            slot = (slot + 1) & mask;
        }
    }

    private static int hash(int type, long key1, long key2) {
        long mixed = (key2 + type) * 0x9E3779B97F4A7C15L ^ key1;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        return (int) (mixed ^ mixed >>> 32);
    }

    private void grow() {
        if (slots > Integer.MAX_VALUE / 2 / WORDS) {
            throw new IllegalStateException("the object hash is full at " + size + " objects");
        }
        long[] old = table;
        slots *= 2;
        table = new long[WORDS * slots];
        for (int from = 0; from < old.length; from += WORDS) {
            long tag = old[from + TAG];
            if (tag != 0) {
                put(find(type(tag), old[from + KEY_1], old[from + KEY_2]), old[from + KEY_1], old[from + KEY_2], tag);
            }
        }
    }
}
