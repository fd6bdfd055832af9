// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;

/**
 * OWNER (extension): who gets which signal of an open file description, where either was set (F_SETOWN_EX, F_SETSIG).
 * Follows FILE, and FILE_NAME if there is one.
 *
 * <pre>
 *   8  u32 owner_type    thread 0, process 1, process group 2
 *  12  s32 owner         its number, 0 for nobody
 *  16  u32 signal        0 for SIGIO without further information, to 64
 *  20  u32 reserved, 0
 * </pre>
 */
public record OwnerRecord(int ownerType, int owner, int signal) implements ImageRecord {

    static final int LENGTH = 24;
    static final int TYPE_FIELD_OFFSET = 8;
    static final int OWNER_OFFSET = 12;
    static final int SIGNAL_OFFSET = 16;

    private static final int LAST_SIGNAL = 64;

    /** Returns the record of an owner. */
    public static OwnerRecord of(Image.Owner owner) {
        return new OwnerRecord(owner.type(), owner.id(), owner.signal());
    }

    /** Returns the owner that the record describes. */
    Image.Owner value() {
        return new Image.Owner(ownerType, owner, signal);
    }

    @Override
    public RecordType type() {
        return RecordType.OWNER;
    }

    @Override
    public int lengthBytes() {
        return LENGTH;
    }

    @Override
    public void encodeBody(RecordFields fields) {
        fields.putInt(TYPE_FIELD_OFFSET, ownerType);
        fields.putInt(OWNER_OFFSET, owner);
        fields.putInt(SIGNAL_OFFSET, signal);
    }

    static OwnerRecord decode(RecordReader record) throws MalformedImageException {
        record.expectLength(LENGTH);
        return new OwnerRecord(
                record.upTo(TYPE_FIELD_OFFSET, "owner_type", Image.Owner.GROUP), record.notNegative(OWNER_OFFSET, "owner"),
                record.upTo(SIGNAL_OFFSET, "signal", LAST_SIGNAL));
    }
}
