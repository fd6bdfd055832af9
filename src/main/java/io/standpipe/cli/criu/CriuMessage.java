// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import io.standpipe.ImageRefusedException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of a CRIU image. Its fields are known by their numbers; those that nobody asks for are kept, so that a message can be
 * written again with some of its fields changed ({@link #fields}).
 */
public final class CriuMessage {

    private static final long MOST_U32 = 0xFFFF_FFFFL;

    private final UnknownFieldSet fields;
    private final String place;

    private CriuMessage(UnknownFieldSet fields, String place) {
        this.fields = fields;
        this.place = place;
    }

    /**
     * Decodes a message.
     *
     * @param place of the message, for errors: the file, and the offset there
     * @throws ImageRefusedException if the bytes are no message
     */
    static CriuMessage of(byte[] bytes, String place) throws ImageRefusedException {
        try {
            return new CriuMessage(UnknownFieldSet.newBuilder().mergeFrom(CodedInputStream.newInstance(bytes)).build(), place);
        } catch (IOException e) {
            throw new ImageRefusedException(place + ": no message of Protocol Buffers: " + e.getMessage(), e);
        }
    }

    /** Returns all fields, as they were read. */
    public UnknownFieldSet fields() {
        return fields;
    }

    /** Returns where the message is, for errors: the file, and the offset there. */
    public String place() {
        return place;
    }

    /** Returns the field of a number from 0 to 4,294,967,295, which the message must have. */
    public long u32(int field, String name) throws ImageRefusedException {
        return atMost(field, name, MOST_U32);
    }

    /** Returns the field of a number from 0 to 4,294,967,295, or the other number if the message does not have it. */
    public long u32(int field, String name, long otherwise) throws ImageRefusedException {
        return fields.hasField(field) ? u32(field, name) : otherwise;
    }

    /** Returns the field of a number from 0 to 2,147,483,647, which the message must have. */
    public int notNegative(int field, String name) throws ImageRefusedException {
        return (int) atMost(field, name, Integer.MAX_VALUE);
    }

    /** Returns whether the field of a truth value is there, and true. */
    public boolean isTrue(int field, String name) throws ImageRefusedException {
        return u32(field, name, 0) != 0;
    }

    private long atMost(int field, String name, long most) throws ImageRefusedException {
        List<Long> found = fields.getField(field).getVarintList();
        if (found.isEmpty()) {
            throw refused(name, missing(field), "a number");
        }
        long value = found.get(found.size() - 1);
        if (value < 0 || value > most) {
            throw refused(name, Long.toUnsignedString(value), "0 to " + most);
        }
        return value;
    }

    /** Returns the message in a field, or null if there is none. */
    public @Nullable CriuMessage messageOrNull(int field, String name) throws ImageRefusedException {
        ByteString bytes = bytesOrNull(field, name);
        return bytes == null ? null : of(bytes.toByteArray(), place + ": " + name);
    }

    /** Returns the message in a field that must be there. */
    public CriuMessage message(int field, String name) throws ImageRefusedException {
        return of(bytes(field, name), place + ": " + name);
    }

    /** Returns the bytes of a text in a field that must be there. */
    public byte[] bytes(int field, String name) throws ImageRefusedException {
        ByteString bytes = bytesOrNull(field, name);
        if (bytes == null) {
            throw refused(name, missing(field), "a text or a message");
        }
        return bytes.toByteArray();
    }

    private @Nullable ByteString bytesOrNull(int field, String name) throws ImageRefusedException {
        List<ByteString> found = fields.getField(field).getLengthDelimitedList();
        if (found.isEmpty() && fields.hasField(field)) {
            throw refused(name, missing(field), "a text or a message");
        }
        return found.isEmpty() ? null : found.get(found.size() - 1);
    }

    private String missing(int field) {
        return fields.hasField(field) ? "a field of another type" : "none";
    }

    /** Returns the exception for a field. */
    ImageRefusedException refused(String name, String found, String expected) {
        return new ImageRefusedException(place + ": " + name + " is " + found + ", expected " + expected);
    }
}
