// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Follows an image that arrives as a stream, by the headers of its records: far enough to know where it ends, and to refuse at
 * once what is no image.
 */
public final class StreamFraming {

    /** How many bytes are to be read before each {@link #next}. */
    public static final int HEADER_BYTES = ImageRecord.HEADER_LENGTH;

    private long offset;
    private long length;
    private int type;
    private int before;

    /** Returns what is to come, for the message of whoever waits for it in vain. */
    public String expected() {
        if (offset == 0 && length == 0) {
            return "an image";
        }
        return length == 0 ? "a record, and TAIL at last" : "the rest of " + RecordType.name(type) + ", and TAIL at last";
    }

    /**
     * Goes to the next record.
     *
     * @param header its header, at the beginning of the buffer
     * @return why it cannot be the next record of an image; null if it can
     */
    public @Nullable String next(ByteBuffer header) {
        ByteBuffer bytes = header.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        offset += length;
        before = type;
        type = bytes.getInt(ImageRecord.TYPE_OFFSET);
        length = Integer.toUnsignedLong(bytes.getInt(ImageRecord.LENGTH_OFFSET));
        if (offset == 0 && (type != RecordType.HEADER.code() || length != RecordType.HEADER.lengthBytes())) {
            return MalformedImageException.NO_IMAGE + "it does not begin with a HEADER";
        }
        long most = RecordType.isUnlimited(type) ? Long.MAX_VALUE : RecordCursor.MAX_RECORD_BYTES;
        if (length < ImageRecord.HEADER_LENGTH || length > most) {
            return "offset " + offset + ": " + RecordType.name(type) + ": length is " + length + ", expected "
                    + ImageRecord.HEADER_LENGTH + " or more" + (most == Long.MAX_VALUE ? "" : ", and at most " + most);
        }
        return null;
    }

    /** Returns how many bytes of the record are behind its header. */
    public long bodyBytes() {
        return length - ImageRecord.HEADER_LENGTH;
    }

    /** Returns whether nothing follows this record: it is TAIL, or the reason behind ERROR. */
    public boolean isLast() {
        return type == RecordType.TAIL.code() || before == RecordType.ERROR.code();
    }
}
