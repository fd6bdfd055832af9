// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The saving side of the object hash: who is who. Gives every object met an objref, the same one each time it is met, and
 * says whether it was met for the first time.
 *
 * <p>Objrefs count up from 1 in one numbering for all types and are never reused ("c/r" series, v18 30/80). An object is
 * known by its type and two full 64-bit words: {@code st_dev} and {@code st_ino} of a pipe, for example. A lookup allocates
 * nothing. Not safe for use by several threads.
 *
 * <p>Objects whose second words differ in the lowest bits only share a range, and it is ranges that are searched: pipes made
 * one after another have inodes one after another. The words that a range stands for are kept once and nothing of an object but
 * its objref, so that there is little to set up and to walk through.
 */
public final class ObjectHash {

    private static final int INITIAL_SLOTS = 64;

    /** Where but one in so many slots was taken, emptying them would take longer than having new ones. */
    private static final int FEW_OF = 64;

    /** Odd, so that neighbouring first words have slots far apart; small, so that the product of a usual st_dev is, too. */
    private static final int APART = 0x1002F1;

    private Range[] slots = new Range[INITIAL_SLOTS];
    /** Those of before {@link #clear}, to be used again. */
    private Range spare;
    private int ranges;
    private int size;
    private boolean first;

    /** Odd and unforeseeable, so that nobody can choose words that all fall on one slot. */
    private final long multiplier = ThreadLocalRandom.current().nextLong() | 1;

    /** Odd, so that all slots are come by; hardly ever 1, since ranges next to one another fill long runs of slots. */
    private final int step = ThreadLocalRandom.current().nextInt() | 1;

    /**
     * The objref of an object, new if it is met for the first time; {@link #wasFirst()} tells which.
     *
     * @return a positive number
     * @throws IllegalStateException if all objrefs are given out
     */
    public int lookupAdd(ObjectType type, long key1, long key2) {
        long high = (long) type.ordinal() << Long.SIZE - Range.BITS | key2 >>> Range.BITS;
        Range[] all = slots;
        Range range = all[ownSlot(key1, high) & all.length - 1];
        if (range == null || range.high != high || range.key1 != key1) {
            range = search(key1, high);
        }
        int place = (int) key2 & Range.OBJREFS - 1;
        int objref = range.objrefs[place];
        if (objref != 0) {
            first = false;
            return objref;
        }
        return add(range, place);
    }

    private int add(Range range, int place) {
        if (size == Integer.MAX_VALUE) {
            throw new IllegalStateException("all " + size + " objrefs are given out");
        }
        first = true;
        range.objrefs[place] = ++size;
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

    /** The range for these words, new if there is none. */
    private Range search(long key1, long high) {
        int slot = ownSlot(key1, high) & slots.length - 1;
        if (slots[slot] != null) {
            slot = hash(key1, high) & slots.length - 1;
            while (slots[slot] != null) {
                if (slots[slot].high == high && slots[slot].key1 == key1) {
                    return slots[slot];
                }
                slot = slot + step & slots.length - 1;
            }
        }
        Range range = unused();
        range.key1 = key1;
        range.high = high;
        slots[slot] = range;
        if (2 * ++ranges > slots.length) {
            grow();
        }
        return range;
    }

    private Range unused() {
        Range range = spare;
        if (range == null) {
            return new Range();
        }
        spare = range.next;
        return range;
    }

    /** Forgets every object, and begins again with objref 1. What it took of memory it keeps for those to come. */
    public void clear() {
        if (slots.length > FEW_OF * Math.max(ranges, INITIAL_SLOTS)) {
            slots = new Range[INITIAL_SLOTS];
        } else {
            for (int i = 0; i < slots.length; i++) {
                if (slots[i] != null) {
                    spare(slots[i]);
                    slots[i] = null;
                }
            }
        }
        ranges = 0;
        size = 0;
        first = false;
    }

    private void spare(Range range) {
        Arrays.fill(range.objrefs, 0);
        range.next = spare;
        spare = range;
    }

    /** Where a range is if none was there before it: ranges next to one another never take each other's slot. */
    private static int ownSlot(long key1, long high) {
        return (int) (high + key1 * APART);
    }

    /** From where on a range is whose own slot is another's. */
    private int hash(long key1, long high) {
        return (int) ((high + key1 * 0xD6E8FEB86659FD93L) * multiplier >>> Integer.SIZE);
    }

    private void grow() {
        Range[] old = slots;
        slots = new Range[2 * old.length];
        for (Range range : old) {
            if (range != null) {
                place(range);
            }
        }
    }

    private void place(Range range) {
        int slot = ownSlot(range.key1, range.high) & slots.length - 1;
        if (slots[slot] != null) {
            slot = hash(range.key1, range.high) & slots.length - 1;
            while (slots[slot] != null) {
                slot = slot + step & slots.length - 1;
            }
        }
        slots[slot] = range;
    }

    /** The objrefs of objects that are the same but for the lowest bits of their second words; 0 is an object not met. */
    private static final class Range {

        static final int BITS = 4;
        static final int OBJREFS = 1 << BITS;

        long key1;
        /** The second word without its lowest bits, and the type where those leave room. */
        long high;
        final int[] objrefs = new int[OBJREFS];
        /** The next one to be used again, where this one is. */
        Range next;
    }
}
