// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;

/**
 * HEADER: the first record.
 *
 * <pre>
 *   8  u64 magic 0x00feed0cc0a2d200
 *  16  u16 arch_id       x86-64 = 2, none given: 0
 *  18  u16 major, 20 u16 minor, 22 u16 patch     of the running kernel
 *  24  u16 rev          6 as written here; 3 to 6 are read
 *  32  ckpt_const, 24 bytes, of which
 *      42 u16 uts_release_len, 44 u16 uts_version_len, 46 u16 uts_machine_len
 *  56  u64 time          seconds since 1970
 *  64  u64 uflags
 * </pre>
 */
public record HeaderRecord(
        int archId, int major, int minor, int patch, int releaseLength, int versionLength, int machineLength,
        long timeSeconds, long uflags)
        implements ImageRecord {

    private static final long MAGIC = 0x00feed0cc0a2d200L;
    /** Bytes of each of the three utsname fields. */
    public static final int UTS_LENGTH = 65;

    public static final int ARCH_NONE = 0;
    public static final int ARCH_X86_64 = 2;

    private static final int MAGIC_OFFSET = 8;
    private static final int ARCH_OFFSET = 16;
    private static final int MAJOR_OFFSET = 18;
    private static final int MINOR_OFFSET = 20;
    private static final int PATCH_OFFSET = 22;
    private static final int REVISION_OFFSET = 24;
    private static final int RELEASE_LENGTH_OFFSET = 42;
    private static final int VERSION_LENGTH_OFFSET = 44;
    private static final int MACHINE_LENGTH_OFFSET = 46;
    private static final int TIME_OFFSET = 56;
    private static final int UFLAGS_OFFSET = 64;

    @Override
    public void encode(ImageWriter to) throws IOException {
        to.begin(RecordType.HEADER);
        to.putLong(MAGIC_OFFSET, MAGIC);
        to.putShort(ARCH_OFFSET, archId);
        to.putShort(MAJOR_OFFSET, major);
        to.putShort(MINOR_OFFSET, minor);
        to.putShort(PATCH_OFFSET, patch);
        to.putShort(REVISION_OFFSET, SeriesLayout.NEWEST);
        to.putShort(RELEASE_LENGTH_OFFSET, releaseLength);
        to.putShort(VERSION_LENGTH_OFFSET, versionLength);
        to.putShort(MACHINE_LENGTH_OFFSET, machineLength);
        to.putLong(TIME_OFFSET, timeSeconds);
        to.putLong(UFLAGS_OFFSET, uflags);
    }

    static HeaderRecord decode(RecordCursor record) throws MalformedImageException {
        record.expectLength(RecordType.HEADER);
        record.expectLong(MAGIC_OFFSET, "magic", MAGIC);
        int revision = record.u16(REVISION_OFFSET);
        if (revision < SeriesLayout.OLDEST || revision > SeriesLayout.NEWEST) {
            throw record.malformed("rev", Integer.toString(revision), SeriesLayout.OLDEST + " to " + SeriesLayout.NEWEST);
        }
        record.setLayout(SeriesLayout.of(revision));
        return new HeaderRecord(
                record.u16(ARCH_OFFSET), record.u16(MAJOR_OFFSET), record.u16(MINOR_OFFSET), record.u16(PATCH_OFFSET),
                record.u16(RELEASE_LENGTH_OFFSET), record.u16(VERSION_LENGTH_OFFSET), record.u16(MACHINE_LENGTH_OFFSET),
                record.s64(TIME_OFFSET), record.s64(UFLAGS_OFFSET));
    }
}
