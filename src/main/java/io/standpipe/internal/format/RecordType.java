// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

/**
 * The types of records. Those below {@link #EXTENSIONS} are the kernel series' own numbers ("c/r", final revision 6);
 * those from there up to {@link #EXTENSIONS_END} are Standpipe's, and a reader that does not know one skips it.
 */
public final class RecordType {

    public static final int HEADER = 1;
    public static final int BUFFER = 4;
    public static final int STRING = 5;
    public static final int OBJREF = 6;
    public static final int TREE = 102;
    public static final int TASK_OBJS = 105;
    public static final int FILE_TABLE = 301;
    public static final int FILE_DESC = 302;
    public static final int FILE_NAME = 303;
    public static final int FILE = 304;
    public static final int PIPE_BUF = 305;
    public static final int TAIL = 9001;
    public static final int ERROR = 9999;

    public static final int EXTENSIONS = 8001;
    public static final int INFO = 8001;
    public static final int PAD = 8002;
    public static final int PIPE_STATE = 8003;
    public static final int SLOTS = 8004;
    public static final int OWNER = 8005;
    public static final int DIGEST = 8007;
    public static final int EXTENSIONS_END = 9000;

    private RecordType() {}

    /** Whether a reader that does not know this type skips it. */
    public static boolean isExtension(int type) {
        return type >= EXTENSIONS && type < EXTENSIONS_END;
    }

    /** The record's name, or its number where it has none here. */
    public static String name(int type) {
        switch (type) {
            case HEADER:
                return "HEADER";
            case BUFFER:
                return "BUFFER";
            case STRING:
                return "STRING";
            case OBJREF:
                return "OBJREF";
            case TREE:
                return "TREE";
            case TASK_OBJS:
                return "TASK_OBJS";
            case FILE_TABLE:
                return "FILE_TABLE";
            case FILE_DESC:
                return "FILE_DESC";
            case FILE_NAME:
                return "FILE_NAME";
            case FILE:
                return "FILE";
            case PIPE_BUF:
                return "PIPE_BUF";
            case TAIL:
                return "TAIL";
            case ERROR:
                return "ERROR";
            case INFO:
                return "INFO";
            case PAD:
                return "PAD";
            case PIPE_STATE:
                return "PIPE_STATE";
            case SLOTS:
                return "SLOTS";
            case OWNER:
                return "OWNER";
            case DIGEST:
                return "DIGEST";
            default:
                return "type " + Integer.toUnsignedString(type);
        }
    }
}
