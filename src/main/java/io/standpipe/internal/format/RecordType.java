// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

/**
 * The types of records. Those below 8001, and from 9000 on, are the kernel series' own ("c/r", final revision 6); those between are
 * Standpipe's extensions, of which a reader skips those that it does not know.
 */
public enum RecordType {
    HEADER(1),
    BUFFER(4),
    STRING(5),
    OBJREF(6),
    TREE(102),
    TASK_OBJS(105),
    FILE_TABLE(301),
    FILE_DESC(302),
    FILE_NAME(303),
    FILE(304),
    PIPE_BUF(305),
    INFO(8001),
    PAD(8002),
    PIPE_STATE(8003),
    SLOTS(8004),
    OWNER(8005),
    DIGEST(8007),
    TAIL(9001),
    ERROR(9999);

    private static final int EXTENSIONS = 8001;
    private static final int EXTENSIONS_END = 9000;

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    /** Returns the u32 at the beginning of a record of this type. */
    public int code() {
        return code;
    }

    /** Returns whether a reader skips a record of a type that it does not know. */
    static boolean isExtension(int code) {
        return code >= EXTENSIONS && code < EXTENSIONS_END;
    }

    /** Returns the name of a type, or its number where it has no name here. */
    static String name(int code) {
        for (RecordType type : values()) {
            if (type.code == code) {
                return type.name();
            }
        }
        return "type " + Integer.toUnsignedString(code);
    }
}
