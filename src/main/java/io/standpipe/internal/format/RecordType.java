// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

/**
 * The types of records. Those below 8001, and from 9000 on, are the kernel series' own ("c/r", final revision 6); those between are
 * Standpipe's extensions, of which a reader skips those that it does not know. What the series has of other things than pipes is in
 * {@link OtherRecords}.
 */
public enum RecordType {
    HEADER(1, 72),
    BUFFER(4),
    STRING(5),
    OBJREF(6, 16),
    PIDS(101, 24),
    TREE(102, 16),
    TASK(103),
    TASK_OBJS(105, 32),
    FILE_TABLE(301, 16),
    FILE_DESC(302, 24),
    FILE_NAME(303),
    FILE(304, 56),
    PIPE_BUF(305),
    INFO(8001, 64),
    PAD(8002),
    PIPE_STATE(8003, 64),
    SLOTS(8004),
    OWNER(8005, 24),
    DIGEST(8007, 24),
    PROGRAM(8008),
    TAIL(9001, 16),
    ERROR(9999, 8);

    private static final int EXTENSIONS = 8001;
    private static final int EXTENSIONS_END = 9000;
    private static final int VARIABLE = -1;

    private final int code;
    private final int lengthBytes;

    RecordType(int code) {
        this(code, VARIABLE);
    }

    RecordType(int code, int lengthBytes) {
        this.code = code;
        this.lengthBytes = lengthBytes;
    }

    /** Returns the u32 at the beginning of a record of this type. */
    public int code() {
        return code;
    }

    /** Returns the length of every record of this type, its header included; -1 for a type whose records differ in length. */
    int lengthBytes() {
        return lengthBytes;
    }

    /** Returns whether a reader skips a record of a type that it does not know. */
    static boolean isExtension(int code) {
        return code >= EXTENSIONS && code < EXTENSIONS_END;
    }

    /** Returns whether a record of a type may be of any length: payload, and the memory of a process in the series' own images. */
    static boolean isUnlimited(int code) {
        return code == PIPE_BUF.code || code == BUFFER.code;
    }

    /** Returns the name of a type, or its number where it has no name here. */
    static String name(int code) {
        for (RecordType type : values()) {
            if (type.code == code) {
                return type.name();
            }
        }
        String other = OtherRecords.name(code);
        return other != null ? other : "type " + Integer.toUnsignedString(code);
    }
}
