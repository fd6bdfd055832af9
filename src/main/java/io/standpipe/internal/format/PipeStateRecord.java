// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;
import java.io.IOException;

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
        int pipeObjref, int capacityBytes, Image.Inode inode, Image.ExternalEnds external, long queuedBytes, boolean unlinked)
        implements ImageRecord {

    private static final int LOOKED_FOR = 1;
    private static final int READ_END = 2;
    private static final int WRITE_END = 4;

    private static final int UNLINKED = 1;

    private static final int OBJREF_OFFSET = 8;
    private static final int CAPACITY_OFFSET = 12;
    private static final int DEV_OFFSET = 16;
    private static final int INO_OFFSET = 24;
    private static final int UID_OFFSET = 32;
    private static final int GID_OFFSET = 36;
    private static final int MODE_OFFSET = 40;
    private static final int OUTSIDE_OFFSET = 44;
    private static final int QUEUED_OFFSET = 48;
    private static final int FLAGS_OFFSET = 56;

    /** Returns the record of a pipe whose inode is known. */
    public static PipeStateRecord of(Image.Pipe pipe, Image.Inode inode) {
        return new PipeStateRecord(
                pipe.objref(), pipe.capacityBytes(), inode, pipe.external(), pipe.payloadBytes(), pipe.unlinked());
    }

    @Override
    public void encode(ImageWriter to) throws IOException {
        int outside = (external.lookedFor() ? LOOKED_FOR : 0) | (external.read() ? READ_END : 0)
                | (external.write() ? WRITE_END : 0);
        to.begin(RecordType.PIPE_STATE);
        to.putInts(OBJREF_OFFSET, pipeObjref, capacityBytes);
        to.putLong(DEV_OFFSET, inode.dev());
        to.putLong(INO_OFFSET, inode.ino());
        to.putInts(UID_OFFSET, (int) inode.uid(), (int) inode.gid());
        to.putInts(MODE_OFFSET, inode.mode(), outside);
        to.putLong(QUEUED_OFFSET, queuedBytes);
        to.putInt(FLAGS_OFFSET, unlinked ? UNLINKED : 0);
    }

    static PipeStateRecord decode(RecordCursor record) throws MalformedImageException {
        record.expectLength(RecordType.PIPE_STATE);
        int capacity = record.powerOfTwo(CAPACITY_OFFSET, "capacity");
        int outside = record.s32(OUTSIDE_OFFSET);
        Image.Inode inode = new Image.Inode(
                record.s64(DEV_OFFSET), record.s64(INO_OFFSET), Integer.toUnsignedLong(record.s32(UID_OFFSET)),
                Integer.toUnsignedLong(record.s32(GID_OFFSET)), record.s32(MODE_OFFSET));
        Image.ExternalEnds external = new Image.ExternalEnds(
                (outside & LOOKED_FOR) != 0, (outside & READ_END) != 0, (outside & WRITE_END) != 0);
        return new PipeStateRecord(
                record.positive(OBJREF_OFFSET, "pipe_objref"), capacity, inode, external, record.s64(QUEUED_OFFSET),
                (record.s32(FLAGS_OFFSET) & UNLINKED) != 0);
    }
}
