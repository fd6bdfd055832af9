// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Follows an image that comes as a stream from record to record, by their headers alone: far enough to know where it ends,
 * and to refuse at once what is no image.
 */
public final class StreamFraming {

    /** What is to be read before each {@link #next}. */
    public static final int HEADER_BYTES = ImageRecord.HEADER_LENGTH;

    private long offset;
    private long length;
    private int type;
    private int before;

    /** Before the first record. */
    public StreamFraming() {}

    /** What is to come, for whoever waits for it in vain. */
    public String expected() {
        if (offset == 0 && length == 0) {
            return "an image";
        }
        return length == 0 ? "a record, and TAIL at last" : "the rest of " + RecordType.name(type) + ", and TAIL at last";
    }

    /**
     * Takes the header of the next record, from the beginning of a buffer.
     *
     * @return why that cannot be, or null
     */
    public String next(ByteBuffer header) {
        ByteBuffer bytes = header.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        offset += length;
        before = type;
        type = bytes.getInt(ImageRecord.TYPE_OFFSET);
        length = Integer.toUnsignedLong(bytes.getInt(ImageRecord.LENGTH_OFFSET));
        if (offset == 0 && (type != RecordType.HEADER || length != HeaderRecord.LENGTH)) {
            return "not an image: it does not begin with a HEADER";
        }
        long most = type == RecordType.PIPE_BUF ? Long.MAX_VALUE : RecordCursor.MAX_RECORD_BYTES;
        if (length < ImageRecord.HEADER_LENGTH || length > most) {
            return "offset " + offset + ": " + RecordType.name(type) + ": length is " + length + ", expected "
                    + ImageRecord.HEADER_LENGTH + " or more" + (most == Long.MAX_VALUE ? "" : ", and at most " + most);
        }
        return null;
    }

    /** How many bytes of the record are behind its header. */
    public long bodyBytes() {
        return length - ImageRecord.HEADER_LENGTH;
    }

    /** Whether nothing follows this record: it is TAIL, or the reason behind ERROR. */
    public boolean isLast() {
        return type == RecordType.TAIL || before == RecordType.ERROR;
    }
}
