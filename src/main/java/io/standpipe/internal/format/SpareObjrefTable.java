// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A table that serves one reader of an image, or one restore, after another, as long as the heap has room for it: it grows once and not
 * each time. Safe for use by several threads.
 */
public final class SpareObjrefTable {

    private static final AtomicReference<SoftReference<ObjrefTable<Object>>> KEPT =
            new AtomicReference<>(new SoftReference<>(null));

    private SpareObjrefTable() {}

    /** A table with nothing in it, for the caller alone until it gives it back. */
    public static ObjrefTable<Object> take() {
        ObjrefTable<Object> kept = KEPT.getAndSet(new SoftReference<>(null)).get();
        return kept == null ? new ObjrefTable<>() : kept;
    }

    /** Gives a table back, of which nothing is asked any more. */
    public static void giveBack(ObjrefTable<Object> table) {
        table.clear();
        KEPT.set(new SoftReference<>(table));
    }
}
