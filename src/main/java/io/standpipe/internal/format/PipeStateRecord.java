// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;

/**
 * PIPE_STATE (extension): what the series had no field for. Stands between FILE and the PIPE_BUF of its pipe.
 *
 * <pre>
 *   8  s32 pipe_objref
 *  12  u32 capacity      bytes, a power of two
 *  16  u64 st_dev
 *  24  u64 st_ino
 *  32  u32 uid, 36 u32 gid, 40 u32 mode          of the inode
 *  44  u32 outside       bit 0: was looked for; bit 1: a read end, bit 2: a write end is held outside the image
 *  48  u64 queued        bytes, as many as PIPE_BUF carries
 *  56  u32 flags         bit 0: a FIFO that had lost its name
 *  60  u32 reserved, 0
 * </pre>
 */
public record PipeStateRecord(
        int pipeObjref, int capacityBytes, long dev, long ino, int uid, int gid, int mode, int outside,
        long queuedBytes, int flags)
        implements ImageRecord {

    private static final int LOOKED_FOR = 1;
    private static final int READ_END = 2;
    private static final int WRITE_END = 4;

    private static final int UNLINKED = 1;

    static final int LENGTH = 64;
    static final int OBJREF_OFFSET = 8;
    static final int CAPACITY_OFFSET = 12;
    static final int DEV_OFFSET = 16;
    static final int INO_OFFSET = 24;
    static final int UID_OFFSET = 32;
    static final int GID_OFFSET = 36;
    static final int MODE_OFFSET = 40;
    static final int OUTSIDE_OFFSET = 44;
    static final int QUEUED_OFFSET = 48;
    static final int FLAGS_OFFSET = 56;

    /** Returns the record of a pipe whose inode is known. */
    public static PipeStateRecord of(Image.Pipe pipe, Image.Inode inode) {
        Image.ExternalEnds external = pipe.external();
        int outside = (external.lookedFor() ? LOOKED_FOR : 0)
                | (external.read() ? READ_END : 0)
                | (external.write() ? WRITE_END : 0);
        return new PipeStateRecord(
                pipe.objref(), pipe.capacityBytes(), inode.dev(), inode.ino(), inode.uid(), inode.gid(), inode.mode(), outside,
                pipe.payloadBytes(), pipe.unlinked() ? UNLINKED : 0);
    }

    /** Returns the inode of the pipe. */
    Image.Inode inode() {
        return new Image.Inode(dev, ino, uid, gid, mode);
    }

    /** Returns which ends were held outside the image. */
    Image.ExternalEnds external() {
        return new Image.ExternalEnds(
                (outside & LOOKED_FOR) != 0, (outside & READ_END) != 0, (outside & WRITE_END) != 0);
    }

    /** Returns whether it is a FIFO whose path was removed. */
    boolean isUnlinked() {
        return (flags & UNLINKED) != 0;
    }

    @Override
    public RecordType type() {
        return RecordType.PIPE_STATE;
    }

    @Override
    public int lengthBytes() {
        return LENGTH;
    }

    @Override
    public void encodeBody(RecordFields fields) {
        fields.putInts(OBJREF_OFFSET, pipeObjref, capacityBytes);
        fields.putLong(DEV_OFFSET, dev);
        fields.putLong(INO_OFFSET, ino);
        fields.putInts(UID_OFFSET, uid, gid);
        fields.putInts(MODE_OFFSET, mode, outside);
        fields.putLong(QUEUED_OFFSET, queuedBytes);
        fields.putInt(FLAGS_OFFSET, flags);
    }

    static PipeStateRecord decode(RecordReader record) throws MalformedImageException {
        record.expectLength(LENGTH);
        int capacity = record.positive(CAPACITY_OFFSET, "capacity");
        if (Integer.bitCount(capacity) != 1) {
            throw record.malformed("capacity", Integer.toString(capacity), "a power of two");
        }
        return new PipeStateRecord(
                record.positive(OBJREF_OFFSET, "pipe_objref"), capacity, record.s64(DEV_OFFSET), record.s64(INO_OFFSET),
                record.s32(UID_OFFSET), record.s32(GID_OFFSET), record.s32(MODE_OFFSET), record.s32(OUTSIDE_OFFSET),
                record.s64(QUEUED_OFFSET), record.s32(FLAGS_OFFSET));
    }
}
