// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The bare list of an image's records, in order. */
public final class RecordList {

    /** Where a record begins, what it is, and how long it is with its header. */
    public record Entry(long offsetBytes, int type, long lengthBytes) {}

    private RecordList() {}

    /** Lists the records of an image that has been read and checked. */
    public static List<Entry> of(ImageSource source) throws IOException {
        RecordCursor cursor = new RecordCursor(source);
        List<Entry> entries = new ArrayList<>();
        do {
            cursor.next();
            entries.add(new Entry(cursor.offset(), cursor.type(), cursor.length()));
        } while (cursor.type() != RecordType.TAIL);
        return entries;
    }
}
