// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObjectHashTest {

    private static final int MANY = 100_000;

    private final ObjectHash hash = new ObjectHash();

    @Test
    void whatWasForgottenIsMetForTheFirstTimeAgain() {
        addMany();
        hash.clear();
        assertEquals(0, hash.size());
        assertFalse(hash.wasFirst());
        for (int i = 0; i < MANY; i++) {
            assertEquals(i + 1, hash.lookupAdd(typeOf(i), key1Of(i), key2Of(i)));
            assertTrue(hash.wasFirst(), "object " + i);
        }
    }

    @Test
    void afterManyWereForgottenAFewAreFoundAgain() {
        addMany();
        hash.clear();
        hash.lookupAdd(ObjectType.INODE, 1, 2);
        hash.clear();
        assertEquals(1, hash.lookupAdd(ObjectType.INODE, 1, 3));
        assertEquals(2, hash.lookupAdd(ObjectType.INODE, 1, 2));
        assertEquals(1, hash.lookupAdd(ObjectType.INODE, 1, 3));
    }

    @Test
    void objrefsCountUpFromOne() {
        for (int i = 1; i <= MANY; i++) {
            assertEquals(i, hash.lookupAdd(ObjectType.FILE, 7, i));
        }
    }

    @Test
    void anObjectKeepsItsObjref() {
        addMany();
        for (int i = 0; i < MANY; i++) {
            assertEquals(i + 1, hash.lookupAdd(typeOf(i), key1Of(i), key2Of(i)));
        }
    }

    @Test
    void anObjrefIsNotReused() {
        int known = hash.lookupAdd(ObjectType.INODE, 1, 2);
        hash.lookupAdd(ObjectType.INODE, 1, 2);
        assertNotEquals(known, hash.lookupAdd(ObjectType.INODE, 1, 3));
    }

    @Test
    void aRepeatedLookupSkipsNoObjref() {
        hash.lookupAdd(ObjectType.INODE, 1, 2);
        hash.lookupAdd(ObjectType.INODE, 1, 2);
        assertEquals(2, hash.lookupAdd(ObjectType.INODE, 1, 3));
    }

    @Test
    void theFirstMeetingIsTheFirst() {
        hash.lookupAdd(ObjectType.INODE, 1, 2);
        assertTrue(hash.wasFirst());
    }

    @Test
    void theSecondMeetingIsNotTheFirst() {
        hash.lookupAdd(ObjectType.INODE, 1, 2);
        hash.lookupAdd(ObjectType.INODE, 1, 2);
        assertFalse(hash.wasFirst());
    }

    @Test
    void aMeetingIsTheFirstAlsoAfterAnotherObjectsSecond() {
        hash.lookupAdd(ObjectType.INODE, 1, 2);
        hash.lookupAdd(ObjectType.INODE, 1, 2);
        hash.lookupAdd(ObjectType.INODE, 1, 3);
        assertTrue(hash.wasFirst());
    }

    @Test
    void everyFirstMeetingIsTheFirstHoweverManyThereAre() {
        for (int i = 0; i < MANY; i++) {
            hash.lookupAdd(typeOf(i), key1Of(i), key2Of(i));
            assertTrue(hash.wasFirst(), "object " + i);
        }
    }

    @Test
    void noSecondMeetingIsTheFirstHoweverManyThereAre() {
        addMany();
        for (int i = 0; i < MANY; i++) {
            hash.lookupAdd(typeOf(i), key1Of(i), key2Of(i));
            assertFalse(hash.wasFirst(), "object " + i);
        }
    }

    @Test
    void objectsOfTwoTypesWithTheSameKeysAreTwo() {
        Set<Integer> objrefs = new HashSet<>();
        for (ObjectType type : ObjectType.values()) {
            objrefs.add(hash.lookupAdd(type, 1, 2));
        }
        assertEquals(ObjectType.values().length, objrefs.size());
    }

    /** So many that slots are searched past objects with the same keys. */
    @Test
    void manyObjectsThatDifferInTheirTypesOnlyAreToldApart() {
        for (int i = 0; i < MANY; i++) {
            for (ObjectType type : ObjectType.values()) {
                hash.lookupAdd(type, 1, i);
                assertTrue(hash.wasFirst(), "object " + i);
            }
        }
    }

    /** Their types and keys add up to the same, which a hash may not be able to tell apart. */
    @Test
    void objectsOfTwoTypesWithNeighbouringKeysAreTwo() {
        assertNotEquals(
                hash.lookupAdd(ObjectType.INODE, 1, 3), hash.lookupAdd(ObjectType.FILE_TABLE, 1, 2));
    }

    /** A type's number may be kept beside the second key's bits. */
    @Test
    void noTypeIsTakenForTheHighestBitsOfTheSecondKey() {
        for (ObjectType type : ObjectType.values()) {
            for (long highest = 0; highest < 256; highest++) {
                hash.lookupAdd(type, 1, highest << Long.SIZE - 8);
                assertTrue(hash.wasFirst(), type + " with " + highest);
            }
        }
    }

    /** What is in the way of the second device's objects are the first one's, and of the third one's both. */
    @Test
    void objectsOfManyDevicesWithTheSameNumbersAreToldApart() {
        for (int device = 0; device < 20; device++) {
            for (int number = 0; number < 20_000; number++) {
                hash.lookupAdd(ObjectType.INODE, device, number);
                assertTrue(hash.wasFirst(), "device " + device + ", number " + number);
            }
        }
        for (int device = 0; device < 20; device++) {
            for (int number = 0; number < 20_000; number++) {
                assertEquals(20_000 * device + number + 1, hash.lookupAdd(ObjectType.INODE, device, number));
            }
        }
    }

    @Test
    void theTwoKeysAreNotInterchangeable() {
        assertNotEquals(hash.lookupAdd(ObjectType.INODE, 1, 2), hash.lookupAdd(ObjectType.INODE, 2, 1));
    }

    @Test
    void theFirstKeyCountsInEveryOneOfItsBits() {
        hash.lookupAdd(ObjectType.INODE, 0, 0);
        for (int bit = 0; bit < Long.SIZE; bit++) {
            hash.lookupAdd(ObjectType.INODE, 1L << bit, 0);
            assertTrue(hash.wasFirst(), "bit " + bit);
        }
    }

    @Test
    void theSecondKeyCountsInEveryOneOfItsBits() {
        hash.lookupAdd(ObjectType.INODE, 0, 0);
        for (int bit = 0; bit < Long.SIZE; bit++) {
            hash.lookupAdd(ObjectType.INODE, 0, 1L << bit);
            assertTrue(hash.wasFirst(), "bit " + bit);
        }
    }

    /** So many that every slot is searched past others: keys cut to 32 bits would be found to be equal. */
    @Test
    void manyKeysThatDifferInTheirHighHalvesOnlyAreToldApart() {
        for (long i = 0; i < MANY; i++) {
            hash.lookupAdd(ObjectType.INODE, i << 32, i << 32);
            assertTrue(hash.wasFirst(), "object " + i);
        }
    }

    @Test
    void anObjectWithAllKeysZeroIsAnObject() {
        hash.lookupAdd(ObjectType.INODE, 0, 0);
        assertEquals(1, hash.lookupAdd(ObjectType.INODE, 0, 0));
    }

    @Test
    void anObjectWithAllBitsSetIsAnObject() {
        hash.lookupAdd(ObjectType.FILE, -1, -1);
        assertEquals(1, hash.lookupAdd(ObjectType.FILE, -1, -1));
    }

    @Test
    void anEmptyHashHasMetNoObjects() {
        assertEquals(0, hash.size());
    }

    @Test
    void theSizeIsTheNumberOfObjectsMet() {
        addMany();
        addMany();
        assertEquals(MANY, hash.size());
    }

    @Test
    void aLookupAllocatesNothing() {
        addMany();
        Allocation.assertNone(() -> {
            for (int i = 0; i < MANY; i++) {
                hash.lookupAdd(typeOf(i), key1Of(i), key2Of(i));
            }
        });
    }

    private void addMany() {
        for (int i = 0; i < MANY; i++) {
            hash.lookupAdd(typeOf(i), key1Of(i), key2Of(i));
        }
    }

    private static ObjectType typeOf(int i) {
        switch (i % 3) {
            case 0:
                return ObjectType.INODE;
            case 1:
                return ObjectType.FILE_TABLE;
            default:
                return ObjectType.FILE;
        }
    }

    /** Few devices. */
    private static long key1Of(int i) {
        return i % 5;
    }

    /** Many inodes. */
    private static long key2Of(int i) {
        return 4_000_000_000L + i;
    }
}
