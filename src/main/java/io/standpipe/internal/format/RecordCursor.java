// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Walks from record to record of an image: it checks frames and bounds, and computes the digest. It reads ahead to the end of a
 * page and no further, so that it does not read payload, which begins at a page.
 */
public final class RecordCursor {

    private static final int PAGE = 4096;
    private static final int WINDOW = 2 * 1024 * 1024;

    /** The longest record that is not a PIPE_BUF: whatever an image claims, no more is read into memory at once. */
    static final int MAX_RECORD_BYTES = WINDOW - PAGE;

    /** The most bytes beside payload: a sparse file can be of any length, and all that is not payload is read and digested. */
    static final long MOST_COVERED_BYTES = 1L << 32;

    private final ImageSource source;
    private final long sizeBytes;
    private final RecordReader record = new RecordReader();
    private final CRC32C crc = new CRC32C();
    private ByteBuffer window;
    private ByteBuffer digestible;
    private long windowStart;
    private long windowEnd;
    private long digestedTo;
    private long covered;
    private long offset;
    private int type;
    private long length;
    private long records;

    RecordCursor(ImageSource source) {
        this.source = source;
        sizeBytes = source.sizeBytes();
        allocate(2 * PAGE);
    }

    private void allocate(int bytes) {
        window = source.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).limit(0);
        digestible = window.duplicate();
        record.setMemory(window);
    }

    /**
     * Goes to the next record, and reads all of it unless it is a PIPE_BUF.
     *
     * @return the same object each time
     */
    RecordReader next() throws IOException {
        if (isAt(RecordType.PIPE_BUF)) {
            digestTo(offset + ImageRecord.HEADER_LENGTH);
            digestedTo = offset + length;
        }
        long start = offset + length;
        offset = start;
        length = 0;
        if (start + ImageRecord.HEADER_LENGTH > windowEnd) {
            load(ImageRecord.HEADER_LENGTH);
        }
        int at = (int) (start - windowStart);
        type = window.getInt(at + ImageRecord.TYPE_OFFSET);
        long claimed = Integer.toUnsignedLong(window.getInt(at + ImageRecord.LENGTH_OFFSET));
        checkLength(claimed);
        length = claimed;
        records++;
        if (!isAt(RecordType.PIPE_BUF) && start + claimed > windowEnd) {
            load((int) claimed);
            at = 0;
        }
        return record.at(type, claimed, start, at);
    }

    private void checkLength(long claimed) throws MalformedImageException {
        long left = sizeBytes - offset;
        if (claimed < ImageRecord.HEADER_LENGTH || claimed > left) {
            throw malformed(typeName() + ": length is " + claimed + ", expected "
                    + ImageRecord.HEADER_LENGTH + " to " + left + ", what is left of the image");
        }
        if (!isAt(RecordType.PIPE_BUF) && claimed > MAX_RECORD_BYTES) {
            throw malformed(typeName() + ": length is " + claimed + ", expected at most " + MAX_RECORD_BYTES);
        }
    }

    /** Returns the type of the record that it is at, known here or not. */
    int type() {
        return type;
    }

    boolean isAt(RecordType wanted) {
        return type == wanted.code();
    }

    String typeName() {
        return RecordType.name(type);
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

    /** Returns the CRC-32C of all before this record that is not payload; to be called before {@link #coveredBefore}. */
    int crcBefore() {
        digestTo(offset);
        return (int) crc.getValue();
    }

    long coveredBefore() {
        return covered;
    }

    MalformedImageException malformed(String problem) {
        return new MalformedImageException(offset, problem);
    }

    /** Adds to the digest what is in the window and was not added yet, up to an offset of the image. */
    private void digestTo(long end) {
        if (digestedTo < end) {
            crc.update(digestible.limit((int) (end - windowStart)).position((int) (digestedTo - windowStart)));
            covered += end - digestedTo;
            digestedTo = end;
        }
    }

    /** Moves the window to where the record begins, and reads its first bytes. */
    private void load(int bytes) throws IOException {
        long left = sizeBytes - offset;
        if (left < bytes) {
            throw malformed("image ends where a record is expected: " + left + " bytes left, expected at least "
                    + bytes + " (truncated before TAIL)");
        }
        long beside = covered + offset - digestedTo + bytes;
        if (beside > MOST_COVERED_BYTES) {
            String what = length == 0 ? "a record's frame" : typeName();
            throw malformed(what + ": with it there are " + beside
                    + " bytes beside payload, expected at most " + MOST_COVERED_BYTES);
        }
        long pageEnd = (offset + bytes + PAGE - 1) / PAGE * PAGE;
        int wanted = (int) (Math.min(pageEnd, sizeBytes) - offset);
        digestTo(offset);
        if (wanted > window.capacity()) {
            // At least doubled: an image whose records grow step by step does not have it allocated at each step.
            allocate(Math.max(wanted, Math.min(2 * window.capacity(), WINDOW)));
        }
        window.clear().limit(wanted);
        source.read(offset, window);
        windowStart = offset;
        windowEnd = offset + wanted;
    }
}
