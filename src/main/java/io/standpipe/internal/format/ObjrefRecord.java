// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;


/**
 * OBJREF: announces a new object, whose record follows at once.
 *
 * <pre>
 *   8  u32 objtype       FILE_TABLE 3, FILE 4
 *  12  s32 objref        positive
 * </pre>
 */
public record ObjrefRecord(int objtype, int objref) implements ImageRecord {

    public static final int TYPE_FILE_TABLE = 3;
    public static final int TYPE_FILE = 4;

    static final int LENGTH = 16;
    static final int OBJTYPE_OFFSET = 8;
    static final int OBJREF_OFFSET = 12;

    @Override
    public int type() {
        return RecordType.OBJREF;
    }

    @Override
    public int lengthBytes() {
        return LENGTH;
    }

    @Override
    public void encodeBody(RecordFields record) {
        record.putInts(OBJTYPE_OFFSET, objtype, objref);
    }

    static ObjrefRecord decode(RecordReader view) throws MalformedImageException {
        view.expectLength(LENGTH);
        int objref = view.positive(OBJREF_OFFSET, "objref");
        return new ObjrefRecord(view.s32(OBJTYPE_OFFSET), objref);
    }
}
