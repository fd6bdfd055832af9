// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The frames of records, as their lengths tell. Shares no code with the reader under test. */
final class Records {

    static final int PIPE_BUF = 305;
    static final int DIGEST = 8007;
    private static final int FRAME = 8;
    private static final int DIGEST_LENGTH = 24;

    private Records() {}

    /** Has every DIGEST vouch for what is before it, so that what is wrong elsewhere is not hidden behind a wrong digest. */
    static byte[] withDigest(byte[] image) {
        byte[] fixed = image.clone();
        ByteBuffer bytes = ByteBuffer.wrap(fixed).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        long covered = 0;
        int at = 0;
        while (fixed.length - at >= FRAME) {
            int type = bytes.getInt(at);
            long length = Integer.toUnsignedLong(bytes.getInt(at + 4));
            if (length < FRAME || length > fixed.length - at) {
                break;
            }
            if (type == DIGEST && length == DIGEST_LENGTH) {
                bytes.putInt(at + 8, 1).putInt(at + 12, (int) crc.getValue()).putLong(at + 16, covered);
            }
            int digested = type == PIPE_BUF ? FRAME : (int) length;
            crc.update(fixed, at, digested);
            covered += digested;
            at += (int) length;
        }
        return fixed;
    }
}
