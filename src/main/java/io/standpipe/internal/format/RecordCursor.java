// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Walks from record to record of an image: it checks frames and bounds, computes the digest, and reads and checks the fields of the
 * record that it is at. It reads ahead to the end of a page and no further, so that it does not read payload, which begins at a page.
 *
 * <p>Offsets of fields count from the record's start; the record's length is to be checked before any field is read.
 */
public final class RecordCursor {

    private static final int PAGE = 4096;
    private static final int WINDOW = 2 * 1024 * 1024;

    /** The longest record that is read: whatever an image claims, no more is read into memory at once. */
    static final int MAX_RECORD_BYTES = WINDOW - PAGE;

    /** The most bytes beside payload: a sparse file can be of any length, and all that is not payload is read and digested. */
    static final long MOST_COVERED_BYTES = 1L << 32;

    private final ImageReader.Source source;
    private final long sizeBytes;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer window;
    private ByteBuffer digestible;
    private long windowStart;
    private long windowEnd;
    private long digestedTo;
    private long covered;
    private long offset;
    private int start;
    private SeriesLayout layout = SeriesLayout.OWN;
    private int type;
    private long length;
    private long records;

    RecordCursor(ImageReader.Source source) {
        this.source = source;
        sizeBytes = source.sizeBytes();
        allocate(2 * PAGE);
    }

    private void allocate(int bytes) {
        window = source.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).limit(0);
        digestible = window.duplicate();
    }

    /** Goes to the next record, and reads all of it unless it is a PIPE_BUF, or a BUFFER too long to be one that is needed. */
    void next() throws IOException {
        if (staysUnread()) {
            digestTo(offset + ImageRecord.HEADER_LENGTH);
            digestedTo = offset + length;
        }
        offset += length;
        length = 0;
        if (offset + ImageRecord.HEADER_LENGTH > windowEnd) {
            load(ImageRecord.HEADER_LENGTH);
        }
        start = (int) (offset - windowStart);
        long claimed = Integer.toUnsignedLong(s32(ImageRecord.LENGTH_OFFSET));
        layout = layout.told(code(), claimed);
        type = layout.typeOf(code());
        checkLength(claimed);
        length = claimed;
        records++;
        if (!staysUnread() && offset + claimed > windowEnd) {
            load((int) claimed);
            start = 0;
        }
    }

    private boolean staysUnread() {
        return isAt(RecordType.PIPE_BUF) || isAt(RecordType.BUFFER) && length > MAX_RECORD_BYTES;
    }

    /** Says of which revision of the series the image is. */
    void setLayout(SeriesLayout found) {
        layout = found;
    }

    SeriesLayout layout() {
        return layout;
    }

    private void checkLength(long claimed) throws MalformedImageException {
        long left = sizeBytes - offset;
        if (claimed < ImageRecord.HEADER_LENGTH || claimed > left) {
            throw malformed(typeName() + ": length is " + claimed + ", expected "
                    + ImageRecord.HEADER_LENGTH + " to " + left + ", what is left of the image");
        }
        if (!RecordType.isUnlimited(type) && claimed > MAX_RECORD_BYTES) {
            throw malformed(typeName() + ": length is " + claimed + ", expected at most " + MAX_RECORD_BYTES);
        }
    }

    /** Returns the type of the record that it is at, known here or not, in the newest layout of the series. */
    int type() {
        return type;
    }

    /** Returns the type as the image has it. */
    int code() {
        return s32(ImageRecord.TYPE_OFFSET);
    }

    boolean isAt(RecordType wanted) {
        return type == wanted.code();
    }

    String typeName() {
        return RecordType.name(type);
    }

    /** Returns where in the image the record begins. */
    long offset() {
        return offset;
    }

    /** Returns the length of the record, its header included. */
    long lengthBytes() {
        return length;
    }

    /** Returns how many records there were so far. */
    long records() {
        return records;
    }

    int u16(int offset) {
        return Short.toUnsignedInt(window.getShort(start + offset));
    }

    int s32(int offset) {
        return window.getInt(start + offset);
    }

    long s64(int offset) {
        return window.getLong(start + offset);
    }

    byte[] bytes(int offset, int lengthBytes) {
        byte[] copy = new byte[lengthBytes];
        window.get(start + offset, copy);
        return copy;
    }

    /** Returns a text of a fixed length, up to its first NUL. */
    String text(int offset, int lengthBytes) {
        byte[] text = bytes(offset, lengthBytes);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8);
    }

    int positive(int offset, String field) throws MalformedImageException {
        int value = s32(offset);
        if (value <= 0) {
            throw malformed(field, Integer.toString(value), "a positive number");
        }
        return value;
    }

    int powerOfTwo(int offset, String field) throws MalformedImageException {
        int value = positive(offset, field);
        if (Integer.bitCount(value) != 1) {
            throw malformed(field, Integer.toString(value), "a power of two");
        }
        return value;
    }

    int notNegative(int offset, String field) throws MalformedImageException {
        int value = s32(offset);
        if (value < 0) {
            throw malformed(field, Integer.toString(value), "0 or more");
        }
        return value;
    }

    int upTo(int offset, String field, int most) throws MalformedImageException {
        int value = s32(offset);
        if (value < 0 || value > most) {
            throw malformed(field, Integer.toUnsignedString(value), "0 to " + most);
        }
        return value;
    }

    void expectAtLeast(long expected) throws MalformedImageException {
        if (length < expected) {
            throw malformed("length", Long.toString(length), "at least " + expected);
        }
    }

    void expectAtMost(long expected) throws MalformedImageException {
        if (length > expected) {
            throw malformed("length", Long.toString(length), "at most " + expected);
        }
    }

    void expectLength(long expected) throws MalformedImageException {
        if (length != expected) {
            throw malformed("length", Long.toString(length), Long.toString(expected));
        }
    }

    /** Throws unless the record has the length of all records of a type. */
    void expectLength(RecordType expected) throws MalformedImageException {
        expectLength(expected.lengthBytes());
    }

    void expectInt(String field, int found, int expected) throws MalformedImageException {
        if (found != expected) {
            throw malformed(field, Integer.toString(found), Integer.toString(expected));
        }
    }

    void expectLong(int offset, String field, long expected) throws MalformedImageException {
        long found = s64(offset);
        if (found != expected) {
            throw malformed(field, String.format("0x%016x", found), String.format("0x%016x", expected));
        }
    }

    MalformedImageException malformed(String field, String found, String expected) {
        return malformed(typeName() + ": " + field + " is " + found + ", expected " + expected);
    }

    MalformedImageException malformed(String problem) {
        return new MalformedImageException(offset, problem);
    }

    /** Returns the CRC-32C of all before this record that is not payload; to be called before {@link #coveredBefore}. */
    int crcBefore() {
        digestTo(offset);
        return (int) crc.getValue();
    }

    long coveredBefore() {
        return covered;
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
            throw malformed((length == 0 ? "a record's frame" : typeName()) + ": with it there are " + beside
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
