// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * PIDS, and the BUFFER behind it, in the series' last images: there TREE has the objrefs of pids in place of pids. Neither is written
 * here.
 *
 * <pre>
 *   8  u32 nr_pids
 *  12  u32 nr_vpids      how many numbers the pids have beyond the first
 *  16  u32 offset        objref of the first pid
 * </pre>
 *
 * <p>The BUFFER has for each pid: u32 depth, and 1 + depth numbers of 4 bytes, the first that of the namespace that was saved.
 */
final class PidsRecord {

    private static final int OFFSET_OFFSET = 16;
    private static final int SHORTEST_ENTRY = 8;

    private PidsRecord() {}

    /**
     * Reads both, and ends at the record behind. Returns the number of each objref; what does not follow the layout has no numbers,
     * since they serve people only.
     */
    static Map<Integer, Integer> read(RecordStream records) throws IOException {
        records.record().expectLength(RecordType.PIDS);
        int objref = records.record().s32(OFFSET_OFFSET);
        records.countOther();
        Map<Integer, Integer> numbers = new HashMap<>();
        RecordCursor buffer = records.expect(RecordType.BUFFER);
        records.countOther();
        if (buffer.lengthBytes() <= RecordCursor.MAX_RECORD_BYTES) {
            ByteBuffer entries = ByteBuffer.wrap(buffer.bytes(ImageRecord.HEADER_LENGTH, (int) buffer.lengthBytes() - ImageRecord.HEADER_LENGTH))
                    .order(ByteOrder.LITTLE_ENDIAN);
            while (entries.remaining() >= SHORTEST_ENTRY) {
                int depth = entries.getInt();
                numbers.put(objref++, entries.getInt());
                if (depth < 0 || depth > entries.remaining() / Integer.BYTES) {
                    break;
                }
                entries.position(entries.position() + depth * Integer.BYTES);
            }
        }
        records.next();
        return numbers;
    }
}
