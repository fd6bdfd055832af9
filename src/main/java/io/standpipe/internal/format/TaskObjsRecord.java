// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

/**
 * TASK_OBJS: the objects of one process. Five more s32 of the series are 0.
 *
 * <pre>
 *   8  s32 files_objref  its FILE_TABLE
 * </pre>
 */
public record TaskObjsRecord(int filesObjref) implements ImageRecord {

    static final int LENGTH = 32;
    static final int FILES_OFFSET = 8;

    @Override
    public int type() {
        return RecordType.TASK_OBJS;
    }

    @Override
    public int lengthBytes() {
        return LENGTH;
    }

    @Override
    public void encodeBody(RecordFields record) {
        record.putInt(FILES_OFFSET, filesObjref);
    }

    static TaskObjsRecord decode(RecordReader view) throws MalformedImageException {
        view.expectLength(LENGTH);
        return new TaskObjsRecord(view.positive(FILES_OFFSET, "files_objref"));
    }
}
