// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class SpareObjrefTableTest {

    private static final int MANY = 100_000;

    @Test
    void aTableThatWasUsedComesBackEmpty() {
        ObjrefTable<Object> table = SpareObjrefTable.take();
        table.insert(ObjectType.FILE, 7, "description");
        SpareObjrefTable.giveBack(table);
        ObjrefTable<Object> next = SpareObjrefTable.take();
        assertEquals(0, next.size());
        assertNull(next.typeOf(7));
        SpareObjrefTable.giveBack(next);
    }

    @Test
    void aTableThatHasGrownComesBack() {
        Allocation.assertNone(() -> {
            ObjrefTable<Object> table = SpareObjrefTable.take();
            for (int i = 1; i <= MANY; i++) {
                table.insert(ObjectType.FILE, i, "description");
            }
            SpareObjrefTable.giveBack(table);
        });
    }

    @Test
    void twoAtATimeHaveOneEach() {
        assertNotSame(SpareObjrefTable.take(), SpareObjrefTable.take());
    }
}
