// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;
import java.io.IOException;

/**
 * PROGRAM (extension): what a process was, for people. Stands before what else the image has of the process.
 *
 * <pre>
 *   8  s32 vpid          of the process
 *  12  u32 uid           of its effective user
 *  16  u16 name_len      at most 64
 *  18  u16 user_len      at most 255; 0 if the user has no name
 *  20  u32 flags         bit 0: the command line was longer
 *  24  name, user        without a NUL
 *      command line      to the end of the record, at most 4,096 bytes; each argument has a NUL behind it
 * </pre>
 */
public record ProgramRecord(int pid, Image.Program program) implements ImageRecord {

    /** The longest name of a program, with room: the kernel has 15 bytes, and 63 for threads of its own. */
    public static final int MOST_NAME_BYTES = 64;

    /** The longest name of a user: LOGIN_NAME_MAX, less its NUL. */
    public static final int MOST_USER_BYTES = 255;

    /** The longest command line: more of it nobody reads, and an image is not to grow by what programs are called with. */
    public static final int MOST_COMMAND_LINE_BYTES = 4096;

    private static final int CUT = 1;

    private static final int PID_OFFSET = 8;
    private static final int UID_OFFSET = 12;
    private static final int NAME_LENGTH_OFFSET = 16;
    private static final int USER_LENGTH_OFFSET = 18;
    private static final int FLAGS_OFFSET = 20;
    private static final int TEXTS_OFFSET = 24;

    @Override
    public void encode(ImageWriter to) throws IOException {
        byte[] name = program.name();
        byte[] user = program.user() == null ? new byte[0] : program.user();
        byte[] commandLine = program.commandLine();
        int commandLineOffset = TEXTS_OFFSET + name.length + user.length;
        to.begin(RecordType.PROGRAM, commandLineOffset + commandLine.length);
        to.putInts(PID_OFFSET, pid, (int) program.uid());
        to.putShort(NAME_LENGTH_OFFSET, name.length);
        to.putShort(USER_LENGTH_OFFSET, user.length);
        to.putInt(FLAGS_OFFSET, program.cut() ? CUT : 0);
        to.put(TEXTS_OFFSET, name, name.length);
        to.put(TEXTS_OFFSET + name.length, user, user.length);
        to.put(commandLineOffset, commandLine, commandLine.length);
    }

    /** @param pid of the process that the record must be about */
    static Image.Program decode(RecordCursor record, int pid) throws MalformedImageException {
        record.expectAtLeast(TEXTS_OFFSET);
        record.expectInt("vpid", record.s32(PID_OFFSET), pid);
        int nameLength = length(record, NAME_LENGTH_OFFSET, "name_len", MOST_NAME_BYTES);
        int userLength = length(record, USER_LENGTH_OFFSET, "user_len", MOST_USER_BYTES);
        int commandLineOffset = TEXTS_OFFSET + nameLength + userLength;
        record.expectAtLeast(commandLineOffset);
        record.expectAtMost(commandLineOffset + MOST_COMMAND_LINE_BYTES);
        byte[] name = withoutNul(record, TEXTS_OFFSET, nameLength, "name");
        byte[] user = withoutNul(record, TEXTS_OFFSET + nameLength, userLength, "user");
        byte[] commandLine = record.bytes(commandLineOffset, (int) record.lengthBytes() - commandLineOffset);
        if (commandLine.length > 0 && commandLine[commandLine.length - 1] != 0) {
            throw record.malformed("command line", "one that ends without a NUL", "a NUL behind each argument");
        }
        int flags = record.s32(FLAGS_OFFSET);
        if ((flags & ~CUT) != 0) {
            throw record.malformed("flags", "0x" + Integer.toHexString(flags), "0 or 1");
        }
        return new Image.Program(
                name, commandLine, (flags & CUT) != 0, Integer.toUnsignedLong(record.s32(UID_OFFSET)), userLength == 0 ? null : user);
    }

    private static int length(RecordCursor record, int offset, String field, int most) throws MalformedImageException {
        int length = record.u16(offset);
        if (length > most) {
            throw record.malformed(field, Integer.toString(length), "at most " + most);
        }
        return length;
    }

    private static byte[] withoutNul(RecordCursor record, int offset, int length, String field) throws MalformedImageException {
        byte[] text = record.bytes(offset, length);
        for (int i = 0; i < length; i++) {
            if (text[i] == 0) {
                throw record.malformed(field, "one with a NUL at byte " + i, "one without");
            }
        }
        return text;
    }
}
