// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjrefTableTest {

    private static final int MANY = 100_000;

    private final ObjrefTable<String> table = new ObjrefTable<>();

    @Test
    void anObjectIsFetchedByItsObjref() {
        String pipe = new String("pipe");
        table.insert(ObjectType.INODE, 7, pipe);
        assertSame(pipe, table.fetch(ObjectType.INODE, 7));
    }

    @Test
    void anObjectIsNotFetchedAsAnotherType() {
        table.insert(ObjectType.INODE, 7, "pipe");
        assertNull(table.fetch(ObjectType.FILE, 7));
    }

    @Test
    void nothingIsFetchedUnderAFreeObjref() {
        table.insert(ObjectType.INODE, 7, "pipe");
        assertNull(table.fetch(ObjectType.INODE, 8));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, -7, Integer.MIN_VALUE})
    void nothingIsFetchedUnderWhatIsNoObjref(int objref) {
        table.insert(ObjectType.INODE, 7, "pipe");
        assertNull(table.fetch(ObjectType.INODE, objref));
    }

    /** The last is so far from the others that it has no place of its own. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, MANY, Integer.MAX_VALUE})
    void nothingIsFetchedThatWasForgotten(int objref) {
        for (int i = 1; i < 10; i++) {
            table.insert(ObjectType.INODE, 10 * i, "pipe " + i);
        }
        table.insert(ObjectType.FILE, objref, "description");
        table.clear();
        assertEquals(0, table.size());
        for (int each : new int[] {objref, 10, 90}) {
            assertNull(table.typeOf(each));
            assertNull(table.fetch(ObjectType.FILE, each));
        }
        table.insert(ObjectType.INODE, objref, "new");
        assertSame("new", table.fetch(ObjectType.INODE, objref));
        assertEquals(1, table.size());
    }

    @Test
    void theTypeOfAnObjrefIsTold() {
        table.insert(ObjectType.FILE_TABLE, 7, "table");
        assertEquals(ObjectType.FILE_TABLE, table.typeOf(7));
    }

    @Test
    void aFreeObjrefHasNoType() {
        table.insert(ObjectType.FILE_TABLE, 7, "table");
        assertNull(table.typeOf(8));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void whatIsNoObjrefHasNoType(int objref) {
        assertNull(table.typeOf(objref));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void anObjrefThatIsNotPositiveIsRefused(int objref) {
        IllegalArgumentException thrown = assertThrows(
                IllegalArgumentException.class, () -> table.insert(ObjectType.INODE, objref, "pipe"));
        assertEquals("objref is " + objref + ", expected a positive number", thrown.getMessage());
    }

    @Test
    void anObjrefThatIsTakenIsRefused() {
        table.insert(ObjectType.FILE, 7, "file");
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> table.insert(ObjectType.FILE, 7, "other"));
        assertEquals("objref 7 is taken by a FILE", thrown.getMessage());
    }

    @Test
    void anObjrefThatIsTakenByAnotherTypeIsRefused() {
        table.insert(ObjectType.FILE_TABLE, 7, "table");
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> table.insert(ObjectType.FILE, 7, "file"));
        assertEquals("objref 7 is taken by a FILE_TABLE", thrown.getMessage());
    }

    @Test
    void aRefusedInsertLeavesTheFirstObject() {
        table.insert(ObjectType.FILE, 7, "first");
        assertThrows(IllegalArgumentException.class, () -> table.insert(ObjectType.FILE, 7, "second"));
        assertEquals("first", table.fetch(ObjectType.FILE, 7));
    }

    @Test
    void aRefusedInsertDoesNotCount() {
        table.insert(ObjectType.FILE, 7, "first");
        assertThrows(IllegalArgumentException.class, () -> table.insert(ObjectType.FILE, 7, "second"));
        assertEquals(1, table.size());
    }

    @Test
    void sparseObjrefsAreFetched() {
        for (int i = 0; i < MANY; i++) {
            table.insert(ObjectType.INODE, sparse(i), Integer.toString(i));
        }
        for (int i = 0; i < MANY; i++) {
            assertEquals(Integer.toString(i), table.fetch(ObjectType.INODE, sparse(i)));
        }
    }

    @Test
    void denseObjrefsAreFetched() {
        for (int i = 1; i <= MANY; i++) {
            table.insert(ObjectType.FILE, i, Integer.toString(i));
        }
        for (int i = 1; i <= MANY; i++) {
            assertEquals(Integer.toString(i), table.fetch(ObjectType.FILE, i));
        }
    }

    /** Those met while they are far off, and later those between them. */
    @Test
    void objrefsAreFetchedInWhateverOrderTheyCome() {
        List<Integer> objrefs = new ArrayList<>();
        for (int i = 1; i <= 5000; i++) {
            objrefs.add(i);
            objrefs.add(sparse(i));
        }
        Collections.shuffle(objrefs, new Random(1));
        for (int objref : objrefs) {
            assertNull(table.typeOf(objref));
            table.insert(ObjectType.FILE, objref, Integer.toString(objref));
            assertEquals(ObjectType.FILE, table.typeOf(objref));
        }
        for (int objref : objrefs) {
            assertEquals(Integer.toString(objref), table.fetch(ObjectType.FILE, objref));
            assertNull(table.fetch(ObjectType.INODE, objref));
            assertThrows(IllegalArgumentException.class, () -> table.insert(ObjectType.FILE, objref, "other"));
        }
        assertEquals(10_000, table.size());
    }

    @Test
    void theHighestObjrefOfAllIsFetched() {
        table.insert(ObjectType.INODE, Integer.MAX_VALUE, "highest");
        assertEquals("highest", table.fetch(ObjectType.INODE, Integer.MAX_VALUE));
    }

    @Test
    void theSizeIsTheNumberOfObjects() {
        for (int i = 0; i < MANY; i++) {
            table.insert(ObjectType.INODE, sparse(i), "pipe");
        }
        assertEquals(MANY, table.size());
    }

    @Test
    void everyObjectIsVisitedOnce() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            String name = Integer.toString(10_000 + i);
            table.insert(ObjectType.INODE, sparse(i), name);
            expected.add(name);
        }
        List<String> visited = new ArrayList<>();
        table.forEach(visited::add);
        Collections.sort(visited);
        assertEquals(expected, visited);
    }

    @Test
    void anEmptyTableHasNothingToVisit() {
        table.forEach(object -> {
            throw new AssertionError(object);
        });
    }

    @Test
    void asManyObjectsAsWereForgottenAllocateNothing() {
        for (int i = 1; i <= MANY; i++) {
            table.insert(ObjectType.INODE, i, "pipe");
        }
        Allocation.assertNone(() -> {
            table.clear();
            for (int i = 1; i <= MANY; i++) {
                table.insert(ObjectType.FILE, i, "description");
            }
        });
    }

    @Test
    void aFetchAllocatesNothing() {
        for (int i = 0; i < MANY; i++) {
            table.insert(ObjectType.INODE, sparse(i), "pipe");
        }
        Allocation.assertNone(() -> {
            for (int i = 0; i < MANY; i++) {
                table.fetch(ObjectType.INODE, sparse(i));
            }
        });
    }

    /** Positive numbers, far apart, down from the highest. */
    private static int sparse(int i) {
        return Integer.MAX_VALUE - i * 21_001;
    }
}
