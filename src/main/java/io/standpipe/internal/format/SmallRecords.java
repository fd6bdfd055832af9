// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Records of no more than three fields. */
public final class SmallRecords {

    private SmallRecords() {}

    /** BUFFER: bytes whose meaning the record before it gives, such as a utsname field after HEADER. */
    public record Buffer(byte[] bytes) implements ImageRecord {

        /** Returns a utsname field: 65 bytes, padded with NULs, cut if longer. */
        public static Buffer ofUts(String field) {
            byte[] bytes = new byte[HeaderRecord.UTS_LENGTH];
            byte[] encoded = field.getBytes(StandardCharsets.UTF_8);
            System.arraycopy(encoded, 0, bytes, 0, Math.min(encoded.length, bytes.length - 1));
            return new Buffer(bytes);
        }

        @Override
        public RecordType type() {
            return RecordType.BUFFER;
        }

        @Override
        public int lengthBytes() {
            return HEADER_LENGTH + bytes.length;
        }

        @Override
        public void encodeBody(RecordFields fields) {
            fields.put(HEADER_LENGTH, bytes);
        }

        static String decodeUts(RecordReader record, int lengthBytes) throws MalformedImageException {
            record.expectLength(HEADER_LENGTH + lengthBytes);
            return record.text(HEADER_LENGTH, lengthBytes);
        }
    }

    /** STRING: a text in UTF-8, with a NUL behind it. */
    public record Text(String text) implements ImageRecord {

        /** A longer text is cut: it is the reason of a failure, on one line. */
        static final int LONGEST_BYTES = 4096;

        /** Returns the longest beginning of a text that fits. */
        public static Text of(String text) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            return new Text(
                    encoded.length < LONGEST_BYTES
                            ? text
                            : new String(Arrays.copyOf(encoded, LONGEST_BYTES - 1), StandardCharsets.UTF_8)
                                    .replaceAll("\uFFFD+$", ""));
        }

        @Override
        public RecordType type() {
            return RecordType.STRING;
        }

        @Override
        public int lengthBytes() {
            return HEADER_LENGTH + text.getBytes(StandardCharsets.UTF_8).length + 1;
        }

        @Override
        public void encodeBody(RecordFields fields) {
            fields.put(HEADER_LENGTH, text.getBytes(StandardCharsets.UTF_8));
        }

        static String decode(RecordReader record) throws MalformedImageException {
            record.expectAtMost(HEADER_LENGTH + LONGEST_BYTES);
            return record.text(HEADER_LENGTH, (int) record.lengthBytes() - HEADER_LENGTH);
        }
    }

    /**
     * OBJREF: announces a new object, whose record follows at once.
     *
     * <pre>
     *   8  s32 objtype       FILE_TABLE 3, FILE 4
     *  12  s32 objref        positive
     * </pre>
     */
    public record Objref(int objtype, int objref) implements ImageRecord {

        public static final int FILE_TABLE = 3;
        public static final int FILE = 4;

        @Override
        public RecordType type() {
            return RecordType.OBJREF;
        }

        @Override
        public int lengthBytes() {
            return 16;
        }

        @Override
        public void encodeBody(RecordFields fields) {
            fields.putInts(8, objtype, objref);
        }

        /** Returns the objref of an object that must be of a type. */
        static int decode(RecordReader record, int expectedType) throws MalformedImageException {
            record.expectLength(16);
            int objref = record.positive(12, "objref");
            record.expectInt("objtype", record.s32(8), expectedType);
            return objref;
        }
    }

    /**
     * TASK_OBJS: the objects of one process. Five more s32 of the series are 0.
     *
     * <pre>
     *   8  s32 files_objref  its FILE_TABLE
     * </pre>
     */
    public record TaskObjs(int filesObjref) implements ImageRecord {

        @Override
        public RecordType type() {
            return RecordType.TASK_OBJS;
        }

        @Override
        public int lengthBytes() {
            return 32;
        }

        @Override
        public void encodeBody(RecordFields fields) {
            fields.putInt(8, filesObjref);
        }

        static int decode(RecordReader record) throws MalformedImageException {
            record.expectLength(32);
            return record.positive(8, "files_objref");
        }
    }

    /**
     * FILE_TABLE: a table of fds.
     *
     * <pre>
     *   8  s32 fdt_nfds      how many FILE_DESC follow for this table
     * </pre>
     */
    public record FileTable(int descriptors) implements ImageRecord {

        @Override
        public RecordType type() {
            return RecordType.FILE_TABLE;
        }

        @Override
        public int lengthBytes() {
            return 16;
        }

        @Override
        public void encodeBody(RecordFields fields) {
            fields.putInt(8, descriptors);
        }

        static int decode(RecordReader record) throws MalformedImageException {
            record.expectLength(16);
            return record.notNegative(8, "fdt_nfds");
        }
    }

    /**
     * FILE_DESC: one fd of a table.
     *
     * <pre>
     *   8  s32 fd_objref     the open file description (FILE)
     *  12  s32 fd_descriptor
     *  16  u32 fd_close_on_exec
     * </pre>
     */
    public record FileDesc(int fileObjref, int fd, boolean closeOnExec) implements ImageRecord {

        static final int LENGTH = 24;

        @Override
        public RecordType type() {
            return RecordType.FILE_DESC;
        }

        @Override
        public int lengthBytes() {
            return LENGTH;
        }

        @Override
        public void encodeBody(RecordFields fields) {
            fields.putInts(8, fileObjref, fd);
            fields.putInt(16, closeOnExec ? 1 : 0);
        }

        static FileDesc decode(RecordReader record) throws MalformedImageException {
            record.expectLength(LENGTH);
            return new FileDesc(
                    record.positive(8, "fd_objref"), record.notNegative(12, "fd_descriptor"), record.s32(16) != 0);
        }
    }

    /**
     * TAIL: the last record; an image without it was cut off.
     *
     * <pre>
     *   8  u64 magic 0x002d2a0cc0deef00
     * </pre>
     */
    public record Tail() implements ImageRecord {

        private static final long MAGIC = 0x002d2a0cc0deef00L;

        @Override
        public RecordType type() {
            return RecordType.TAIL;
        }

        @Override
        public int lengthBytes() {
            return 16;
        }

        @Override
        public void encodeBody(RecordFields fields) {
            fields.putLong(8, MAGIC);
        }

        static void check(RecordReader record) throws MalformedImageException {
            record.expectLength(16);
            record.expectLong(8, "magic", MAGIC);
        }
    }

    /** ERROR: the writer gave up before the end of the image; a STRING with the reason follows, and no TAIL. */
    public record Error() implements ImageRecord {

        @Override
        public RecordType type() {
            return RecordType.ERROR;
        }

        @Override
        public int lengthBytes() {
            return HEADER_LENGTH;
        }

        @Override
        public void encodeBody(RecordFields fields) {}
    }
}
