// SPDX-License-Identifier: Apache-2.0
package io.standpipe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Walks the records of an image from one to the next: framing, bounds and the digest, nothing of what records mean. Reads
 * ahead to the end of a page and no further, so that payload, which begins at one, is not read along.
 */
final class RecordCursor {

    private static final int PAGE = 4096;
    private static final int WINDOW = 2 * 1024 * 1024;
    /** No record but a PIPE_BUF is longer: what is read into memory has this bound, whatever an image says. */
    static final int MAX_RECORD_BYTES = WINDOW - PAGE;

    private final ImageSource source;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer window;
    private long windowStart;
    private long covered;
    private long offset;
    private int type;
    private long length;
    private long records;

    RecordCursor(ImageSource source) {
        this.source = source;
        window = source.allocate(2 * PAGE).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    }

    /** Goes to the next record, and reads it whole unless it is a PIPE_BUF. */
    RecordView next() throws IOException {
        if (records > 0) {
            digest();
        }
        offset += length;
        length = 0;
        long left = source.sizeBytes() - offset;
        if (left < ImageRecord.HEADER_LENGTH) {
            throw malformed("image ends where a record is expected: " + left + " bytes left, expected at least "
                    + ImageRecord.HEADER_LENGTH + " (truncated before TAIL)");
        }
        int at = require(ImageRecord.HEADER_LENGTH);
        type = window.getInt(at + ImageRecord.TYPE_OFFSET);
        long claimed = Integer.toUnsignedLong(window.getInt(at + ImageRecord.LENGTH_OFFSET));
        if (claimed < ImageRecord.HEADER_LENGTH || claimed > left) {
            throw malformed(RecordType.name(type) + ": length is " + claimed + ", expected "
                    + ImageRecord.HEADER_LENGTH + " to " + left + ", what is left of the image");
        }
        if (type != RecordType.PIPE_BUF && claimed > MAX_RECORD_BYTES) {
            throw malformed(RecordType.name(type) + ": length is " + claimed + ", expected at most " + MAX_RECORD_BYTES);
        }
        length = claimed;
        records++;
        int loaded = type == RecordType.PIPE_BUF ? ImageRecord.HEADER_LENGTH : (int) length;
        at = require(loaded);
        return new RecordView(type, length, offset, window.slice(at, loaded).order(ByteOrder.LITTLE_ENDIAN));
    }

    int type() {
        return type;
    }

    long offset() {
        return offset;
    }

    long length() {
        return length;
    }

    long records() {
        return records;
    }

    /** CRC-32C of all before this record, payload left out. */
    int crcBefore() {
        return (int) crc.getValue();
    }

    long coveredBefore() {
        return covered;
    }

    MalformedImageException malformed(String problem) {
        return new MalformedImageException(offset, problem);
    }

    private void digest() {
        int bytes = type == RecordType.PIPE_BUF ? ImageRecord.HEADER_LENGTH : (int) length;
        int at = (int) (offset - windowStart);
        crc.update(window.duplicate().limit(at + bytes).position(at));
        covered += bytes;
    }

    /** Makes the record's first bytes present in the window; returns where they are in it. */
    private int require(int bytes) throws IOException {
        if (offset < windowStart || offset + bytes > windowStart + window.limit()) {
            long pageEnd = (offset + bytes + PAGE - 1) / PAGE * PAGE;
            int wanted = (int) (Math.min(pageEnd, source.sizeBytes()) - offset);
            if (wanted > window.capacity()) {
                window = source.allocate(wanted).order(ByteOrder.LITTLE_ENDIAN);
            }
            window.clear().limit(wanted);
            source.read(offset, window);
            windowStart = offset;
        }
        return (int) (offset - windowStart);
    }
}
