// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

/**
 * FILE_TABLE: a table of descriptors.
 *
 * <pre>
 *   8  s32 fdt_nfds      how many FILE_DESC follow for this table
 * </pre>
 */
public record FileTableRecord(int descriptors) implements ImageRecord {

    static final int LENGTH = 16;
    static final int NFDS_OFFSET = 8;

    @Override
    public int type() {
        return RecordType.FILE_TABLE;
    }

    @Override
    public int lengthBytes() {
        return LENGTH;
    }

    @Override
    public void encodeBody(RecordFields record) {
        record.putInt(NFDS_OFFSET, descriptors);
    }

    static FileTableRecord decode(RecordReader view) throws MalformedImageException {
        view.expectLength(LENGTH);
        return new FileTableRecord(view.notNegative(NFDS_OFFSET, "fdt_nfds"));
    }
}
