// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObjectHashTest {

    private static final int MANY = 100_000;

    private final ObjectHash hash = new ObjectHash();

    @Test
    void objrefsCountUpFromOne() {
        assertEquals(1, hash.lookupAdd(ObjectHash.Type.INODE, 7, 8));
        assertEquals(2, hash.lookupAdd(ObjectHash.Type.FILE, 7, 8));
        assertEquals(3, hash.lookupAdd(ObjectHash.Type.INODE, 7, 9));
    }

    @Test
    void objectMetAgainHasItsObjref() {
        int objref = hash.lookupAdd(ObjectHash.Type.INODE, 7, 8);
        hash.lookupAdd(ObjectHash.Type.INODE, 7, 9);
        assertEquals(objref, hash.lookupAdd(ObjectHash.Type.INODE, 7, 8));
    }

    @Test
    void repeatedLookupSkipsNoObjref() {
        hash.lookupAdd(ObjectHash.Type.INODE, 7, 8);
        hash.lookupAdd(ObjectHash.Type.INODE, 7, 8);
        assertEquals(2, hash.lookupAdd(ObjectHash.Type.INODE, 7, 9));
    }

    @Test
    void sizeIsTheNumberOfObjectsMet() {
        assertEquals(0, hash.size());
        hash.lookupAdd(ObjectHash.Type.INODE, 7, 8);
        hash.lookupAdd(ObjectHash.Type.INODE, 7, 8);
        assertEquals(1, hash.size());
    }

    @Test
    void typesWithTheSameWordsAreDifferentObjects() {
        Set<Integer> objrefs = new HashSet<>();
        for (ObjectHash.Type type : ObjectHash.Type.values()) {
            objrefs.add(hash.lookupAdd(type, 7, 8));
        }
        assertEquals(ObjectHash.Type.values().length, objrefs.size());
    }

    @Test
    void wordsAreNotInterchangeable() {
        assertNotEquals(hash.lookupAdd(ObjectHash.Type.INODE, 1, 2), hash.lookupAdd(ObjectHash.Type.INODE, 2, 1));
    }

    @Test
    void everyBitOfTheFirstWordCounts() {
        for (int bit = 0; bit < Long.SIZE; bit++) {
            hash.lookupAdd(ObjectHash.Type.INODE, 1L << bit, 0);
        }
        assertEquals(Long.SIZE, hash.size());
    }

    @Test
    void everyBitOfTheSecondWordCounts() {
        for (int bit = 0; bit < Long.SIZE; bit++) {
            hash.lookupAdd(ObjectHash.Type.INODE, 0, 1L << bit);
        }
        assertEquals(Long.SIZE, hash.size());
    }

    @Test
    void manyObjectsKeepTheirObjrefs() {
        for (int i = 0; i < MANY; i++) {
            assertEquals(i + 1, hash.lookupAdd(ObjectHash.Type.INODE, i % 7, i));
        }
        for (int i = 0; i < MANY; i++) {
            assertEquals(i + 1, hash.lookupAdd(ObjectHash.Type.INODE, i % 7, i));
        }
    }
}
