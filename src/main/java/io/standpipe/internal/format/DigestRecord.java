// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

/**
 * DIGEST (extension): stands before TAIL, and vouches for every byte before it that is not payload.
 *
 * <pre>
 *   8  u32 algorithm     CRC-32C = 1
 *  12  u32 crc           of the bytes from HEADER on, payload left out
 *  16  u64 covered       how many bytes that were
 * </pre>
 */
public record DigestRecord(int algorithm, int crc, long coveredBytes) implements ImageRecord {

    static final int CRC_32C = 1;
    static final int LENGTH = 24;
    static final int ALGORITHM_OFFSET = 8;
    static final int CRC_OFFSET = 12;
    static final int COVERED_OFFSET = 16;

    @Override
    public int type() {
        return RecordType.DIGEST;
    }

    @Override
    public int lengthBytes() {
        return LENGTH;
    }

    @Override
    public void encodeBody(RecordFields record) {
        record.putInt(ALGORITHM_OFFSET, algorithm);
        record.putInt(CRC_OFFSET, crc);
        record.putLong(COVERED_OFFSET, coveredBytes);
    }

    static void check(RecordReader view, int crc, long coveredBytes) throws MalformedImageException {
        view.expectLength(LENGTH);
        view.expectInt("algorithm", view.s32(ALGORITHM_OFFSET), CRC_32C);
        view.expectLong(COVERED_OFFSET, "covered", coveredBytes);
        int found = view.s32(CRC_OFFSET);
        if (found != crc) {
            throw view.malformed(
                    "CRC-32C of the records", String.format("0x%08x", found), String.format("0x%08x", crc));
        }
    }
}
