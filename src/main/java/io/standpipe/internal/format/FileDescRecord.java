// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;


/**
 * FILE_DESC: one descriptor of a table.
 *
 * <pre>
 *   8  s32 fd_objref     the open file description (FILE)
 *  12  s32 fd_descriptor its number
 *  16  u32 fd_close_on_exec
 * </pre>
 */
public record FileDescRecord(int fileObjref, int number, boolean closeOnExec) implements ImageRecord {

    static final int LENGTH = 24;
    static final int OBJREF_OFFSET = 8;
    static final int NUMBER_OFFSET = 12;
    static final int CLOSE_ON_EXEC_OFFSET = 16;

    @Override
    public int type() {
        return RecordType.FILE_DESC;
    }

    @Override
    public int lengthBytes() {
        return LENGTH;
    }

    @Override
    public void encodeBody(RecordFields record) {
        record.putInts(OBJREF_OFFSET, fileObjref, number);
        record.putInt(CLOSE_ON_EXEC_OFFSET, closeOnExec ? 1 : 0);
    }

    static FileDescRecord decode(RecordReader view) throws MalformedImageException {
        view.expectLength(LENGTH);
        return new FileDescRecord(
                view.positive(OBJREF_OFFSET, "fd_objref"), view.notNegative(NUMBER_OFFSET, "fd_descriptor"),
                view.s32(CLOSE_ON_EXEC_OFFSET) != 0);
    }
}
