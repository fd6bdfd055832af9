// SPDX-License-Identifier: Apache-2.0
package io.standpipe.objhash;

import java.util.Arrays;

/**
 * The saving side of the object hash: who is who. Gives every object met an objref, the same one each time it is met, and
 * says whether it was met for the first time.
 *
 * <p>Objrefs count up from 1 in one numbering for all types and are never reused ("c/r" series, v18 30/80). An object is
 * known by its type and two full 64-bit words: {@code st_dev} and {@code st_ino} of a pipe, for example. A lookup allocates
 * nothing. Not safe for use by several threads.
 *
 * <p>Keys lie in the order in which their objects were met, and an open hash beside them finds their place. Pipes made one
 * after another have inodes one after another, and are mostly met in that order: both arrays are then walked from one end to
 * the other, so that neither waits for memory, and hardly any two objects want the same slot.
 */
public final class ObjectHash {

    private static final int INITIAL_SLOTS = 256;

    /** Keys that differ in nothing but so many low bits have slots beside one another: those of one line of the caches. */
    private static final int NEAR_BITS = 4;
    private static final int NEAR = (1 << NEAR_BITS) - 1;

    /** A slot has type and objref of its object; 0 is free, since no objref is 0. */
    private static final int OBJREF_BITS = 28;
    private static final int MOST_OBJREFS = (1 << OBJREF_BITS) - 1;

    private int[] slots = new int[INITIAL_SLOTS];
    private int shift = Long.SIZE - Integer.numberOfTrailingZeros(INITIAL_SLOTS);
    private long[] keys = new long[INITIAL_SLOTS];
    private int size;
    private boolean first;

    /**
     * The objref of an object, new if it is met for the first time; {@link #wasFirst()} tells which.
     *
     * @return a positive number
     * @throws IllegalStateException if all objrefs are given out
     */
    public int lookupAdd(ObjectType type, long key1, long key2) {
        int[] all = slots;
        int tag = type.ordinal();
        int slot = slot(tag, key1, key2);
        int found;
        while ((found = all[slot & all.length - 1]) != 0) {
            int objref = found & MOST_OBJREFS;
            if (keys[2 * objref + 1] == key2 && keys[2 * objref] == key1 && found >>> OBJREF_BITS == tag) {
                first = false;
                return objref;
            }
            slot++;
        }
        first = true;
        return add(slot & all.length - 1, tag << OBJREF_BITS, key1, key2);
    }

    private int add(int slot, int tagged, long key1, long key2) {
        if (size == MOST_OBJREFS) {
            throw new IllegalStateException("all " + size + " objrefs are given out");
        }
        size++;
        if (2 * size + 1 >= keys.length) {
            keys = Arrays.copyOf(keys, 2 * keys.length);
        }
        keys[2 * size] = key1;
        keys[2 * size + 1] = key2;
        slots[slot] = tagged | size;
        if (2 * size > slots.length) {
            grow();
        }
        return size;
    }

    /** Whether the last {@link #lookupAdd} met its object for the first time. */
    public boolean wasFirst() {
        return first;
    }

    /** How many objects have been met, which is also the highest objref given out. */
    public int size() {
        return size;
    }

    /** Where an object would be if no other had taken that slot. */
    private int slot(int type, long key1, long key2) {
        long mixed = key2 + (key1 ^ (long) type << 60) * 0xD6E8FEB86659FD93L;
        long far = (mixed >>> NEAR_BITS) * 0x9E3779B97F4A7C15L;
        return (int) (far >>> shift) & ~NEAR | (int) mixed & NEAR;
    }

    private void grow() {
        int[] old = slots;
        slots = new int[4 * old.length];
        shift -= 2;
        for (int tagged : old) {
            if (tagged != 0) {
                int objref = tagged & MOST_OBJREFS;
                int slot = slot(tagged >>> OBJREF_BITS, keys[2 * objref], keys[2 * objref + 1]);
                while (slots[slot] != 0) {
                    slot = slot + 1 & slots.length - 1;
                }
                slots[slot] = tagged;
            }
        }
    }
}
