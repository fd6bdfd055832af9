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
    public RecordType type() {
        return RecordType.DIGEST;
    }

    @Override
    public int lengthBytes() {
        return LENGTH;
    }

    @Override
    public void encodeBody(RecordFields fields) {
        fields.putInt(ALGORITHM_OFFSET, algorithm);
        fields.putInt(CRC_OFFSET, crc);
        fields.putLong(COVERED_OFFSET, coveredBytes);
    }

    static void check(RecordReader record, int crc, long coveredBytes) throws MalformedImageException {
        record.expectLength(LENGTH);
        record.expectInt("algorithm", record.s32(ALGORITHM_OFFSET), CRC_32C);
        record.expectLong(COVERED_OFFSET, "covered", coveredBytes);
        int found = record.s32(CRC_OFFSET);
        if (found != crc) {
            throw record.malformed(
                    "CRC-32C of the records", String.format("0x%08x", found), String.format("0x%08x", crc));
        }
    }
}
