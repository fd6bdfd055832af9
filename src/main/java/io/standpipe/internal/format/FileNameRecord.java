// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;

/**
 * FILE_NAME: the path of a FIFO, absolute, as bytes with a NUL behind them; as the process saw it. Follows the FIFO's FILE
 * ("c/r" v18 47/80).
 */
public record FileNameRecord(byte[] path) implements ImageRecord {

    /** The longest path that the kernel takes, its NUL included. */
    public static final int MOST_BYTES = 4096;

    @Override
    public void encode(ImageWriter to) throws IOException {
        to.begin(RecordType.FILE_NAME, HEADER_LENGTH + path.length + 1);
        to.put(HEADER_LENGTH, path, path.length);
    }

    static byte[] decode(RecordCursor record) throws MalformedImageException {
        long length = record.lengthBytes() - HEADER_LENGTH;
        if (length < 2 || length > MOST_BYTES) {
            throw record.malformed("path", length + " bytes", "2 to " + MOST_BYTES + ", its NUL included");
        }
        byte[] path = record.bytes(HEADER_LENGTH, (int) length - 1);
        for (int i = 0; i < path.length; i++) {
            if (path[i] == 0) {
                throw record.malformed("path", "one with a NUL at byte " + i, "one that ends with its only NUL");
            }
        }
        if (record.bytes(HEADER_LENGTH + path.length, 1)[0] != 0) {
            throw record.malformed("path", "one without a NUL", "one that ends with its only NUL");
        }
        if (path[0] != '/') {
            throw record.malformed("path", "a relative one", "one that begins with a slash");
        }
        checkComponents(record, path);
        return path;
    }

    /** The kernel tells paths without detours: one that has any is none of its own. */
    private static void checkComponents(RecordCursor record, byte[] path) throws MalformedImageException {
        int start = 1;
        for (int i = 1; i <= path.length; i++) {
            if (i == path.length || path[i] == '/') {
                int length = i - start;
                boolean dots = length == 1 && path[start] == '.'
                        || length == 2 && path[start] == '.' && path[start + 1] == '.';
                if (length == 0 || dots) {
                    throw record.malformed("path", "one with an empty, '.' or '..' component at byte " + start,
                            "one without");
                }
                start = i + 1;
            }
        }
    }
}
