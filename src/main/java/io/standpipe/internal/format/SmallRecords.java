// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records of no more than three fields. */
public final class SmallRecords {

    private SmallRecords() {}

    /** BUFFER: bytes whose meaning the record before it gives, such as a utsname field after HEADER. */
    public record Buffer(byte[] bytes) implements ImageRecord {

        /** Returns a utsname field: 65 bytes, padded with NULs, cut if longer. */
        public static Buffer ofUts(String field) {
            byte[] encoded = field.getBytes(StandardCharsets.UTF_8);
            return new Buffer(Arrays.copyOf(Arrays.copyOf(encoded, HeaderRecord.UTS_LENGTH - 1), HeaderRecord.UTS_LENGTH));
        }

        @Override
        public void encode(ImageWriter to) throws IOException {
            to.begin(RecordType.BUFFER, HEADER_LENGTH + bytes.length);
            to.put(HEADER_LENGTH, bytes, bytes.length);
        }

        static String decodeUts(RecordCursor record, int lengthBytes) throws MalformedImageException {
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
        public void encode(ImageWriter to) throws IOException {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            to.begin(RecordType.STRING, HEADER_LENGTH + encoded.length + 1);
            to.put(HEADER_LENGTH, encoded, encoded.length);
        }

        static String decode(RecordCursor record) throws MalformedImageException {
            record.expectAtMost(HEADER_LENGTH + LONGEST_BYTES);
            return record.text(HEADER_LENGTH, (int) record.lengthBytes() - HEADER_LENGTH);
        }
    }

    /**
     * OBJREF: announces a new object, whose record follows at once.
     *
     * <pre>
     *   8  s32 objtype       FILE_TABLE 3, FILE 4; others, to 23, only in the series' own images
     *  12  s32 objref        positive
     * </pre>
     */
    public record Objref(int objtype, int objref) implements ImageRecord {

        public static final int FILE_TABLE = 3;
        public static final int FILE = 4;
        private static final int LAST = 23;

        @Override
        public void encode(ImageWriter to) throws IOException {
            to.begin(RecordType.OBJREF);
            to.putInts(8, objtype, objref);
        }

        /** Returns what is announced, which is a type that the series has. */
        static Objref decode(RecordCursor record) throws MalformedImageException {
            record.expectLength(RecordType.OBJREF);
            int objref = record.positive(12, "objref");
            int objtype = record.layout().objtypeOf(record.s32(8));
            if (objtype < 1 || objtype > LAST) {
                throw record.malformed("objtype", Integer.toUnsignedString(record.s32(8)), "1 to " + LAST);
            }
            return new Objref(objtype, objref);
        }
    }

    /**
     * TREE: how many processes the image holds; one BUFFER with an entry for each follows.
     *
     * <pre>
     *   8  u32 nr_tasks
     * </pre>
     */
    public record Tree(int tasks) implements ImageRecord {

        /** More processes than this are refused, so that a hostile image cannot make a reader allocate for them. */
        public static final int MAX_TASKS = 65_536;

        /** s32 vpid, vppid, vtgid, vpgid, vsid; u32 depth. */
        private static final int ENTRY_LENGTH = 24;

        @Override
        public void encode(ImageWriter to) throws IOException {
            to.begin(RecordType.TREE);
            to.putInt(8, tasks);
        }

        static int decode(RecordCursor record) throws MalformedImageException {
            record.expectLength(RecordType.TREE);
            int tasks = record.s32(8);
            if (tasks < 1 || tasks > MAX_TASKS) {
                throw record.malformed("nr_tasks", Integer.toUnsignedString(tasks), "1 to " + MAX_TASKS);
            }
            return tasks;
        }

        /** Returns the BUFFER that follows TREE. */
        public static Buffer entries(List<Task> tasks) {
            ByteBuffer bytes = ByteBuffer.allocate(tasks.size() * ENTRY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            for (Task task : tasks) {
                bytes.putInt(task.pid()).putInt(task.parentPid()).putInt(task.threadGroup());
                bytes.putInt(task.processGroup()).putInt(task.session()).putInt(task.depth());
            }
            return new Buffer(bytes.array());
        }

        /** @param pids numbers by objref, if the entries have objrefs of pids in place of pids */
        static List<Task> decodeEntries(RecordCursor record, int count, Map<Integer, Integer> pids)
                throws MalformedImageException {
            record.expectLength(HEADER_LENGTH + count * ENTRY_LENGTH);
            List<Task> tasks = new ArrayList<>(count);
            Set<Integer> met = new HashSet<>();
            for (int i = 0; i < count; i++) {
                int at = HEADER_LENGTH + i * ENTRY_LENGTH;
                int[] numbers = new int[5];
                for (int field = 0; field < numbers.length; field++) {
                    int number = record.s32(at + field * Integer.BYTES);
                    numbers[field] = pids.getOrDefault(number, number);
                }
                if (numbers[0] <= 0) {
                    throw record.malformed("vpid", Integer.toString(numbers[0]), "a positive number");
                }
                if (!met.add(numbers[0])) {
                    throw record.malformed("vpid", Integer.toString(numbers[0]), "a number that no other process has");
                }
                tasks.add(new Task(
                        numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], record.s32(at + 20)));
            }
            return tasks;
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
        public void encode(ImageWriter to) throws IOException {
            to.begin(RecordType.TASK_OBJS);
            to.putInt(8, filesObjref);
        }

        static int decode(RecordCursor record) throws MalformedImageException {
            record.expectLength(record.layout().taskObjsLength());
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
        public void encode(ImageWriter to) throws IOException {
            to.begin(RecordType.FILE_TABLE);
            to.putInt(8, descriptors);
        }

        static int decode(RecordCursor record) throws MalformedImageException {
            record.expectLength(RecordType.FILE_TABLE);
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

        @Override
        public void encode(ImageWriter to) throws IOException {
            to.begin(RecordType.FILE_DESC);
            to.putInts(8, fileObjref, fd);
            to.putInt(16, closeOnExec ? 1 : 0);
        }

        static FileDesc decode(RecordCursor record) throws MalformedImageException {
            record.expectLength(RecordType.FILE_DESC);
            return new FileDesc(
                    record.positive(8, "fd_objref"), record.notNegative(12, "fd_descriptor"), record.s32(16) != 0);
        }
    }

    /**
     * OWNER (extension): who gets which signal of an open file description, where either was set (F_SETOWN_EX, F_SETSIG).
     * Follows FILE, and FILE_NAME if there is one.
     *
     * <pre>
     *   8  u32 owner_type    thread 0, process 1, process group 2
     *  12  s32 owner         its number, 0 for nobody
     *  16  u32 signal        0 for SIGIO without further information, to 64
     *  20  u32 reserved, 0
     * </pre>
     */
    public record Owner(Image.Owner owner) implements ImageRecord {

        private static final int LAST_SIGNAL = 64;

        @Override
        public void encode(ImageWriter to) throws IOException {
            to.begin(RecordType.OWNER);
            to.putInts(8, owner.type().ordinal(), (int) owner.id());
            to.putInt(16, owner.signal());
        }

        static Image.Owner decode(RecordCursor record) throws MalformedImageException {
            record.expectLength(RecordType.OWNER);
            return new Image.Owner(
                    Image.Owner.Type.values()[record.upTo(8, "owner_type", Image.Owner.Type.GROUP.ordinal())], record.notNegative(12, "owner"),
                    record.upTo(16, "signal", LAST_SIGNAL));
        }
    }

    /**
     * DIGEST (extension): stands before TAIL, and vouches for every byte before it that is not payload.
     *
     * <pre>
     *   8  u32 algorithm     CRC-32C = 1
     *  12  u32 crc           of the bytes from HEADER on, payload left out
     *  16  u64 covered       how many bytes that were
     * </pre>
     */
    record Digest(int crc, long coveredBytes) implements ImageRecord {

        private static final int CRC_32C = 1;

        @Override
        public void encode(ImageWriter to) throws IOException {
            to.begin(RecordType.DIGEST);
            to.putInts(8, CRC_32C, crc);
            to.putLong(16, coveredBytes);
        }

        static void check(RecordCursor record, int crc, long coveredBytes) throws MalformedImageException {
            record.expectLength(RecordType.DIGEST);
            record.expectInt("algorithm", record.s32(8), CRC_32C);
            record.expectLong(16, "covered", coveredBytes);
            int found = record.s32(12);
            if (found != crc) {
                throw record.malformed("CRC-32C of the records", String.format("0x%08x", found), String.format("0x%08x", crc));
            }
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
        public void encode(ImageWriter to) throws IOException {
            to.begin(RecordType.TAIL);
            to.putLong(8, MAGIC);
        }

        static void check(RecordCursor record) throws MalformedImageException {
            record.expectLength(RecordType.TAIL);
            record.expectLong(8, "magic", MAGIC);
        }
    }

    /** ERROR: the writer gave up before the end of the image; a STRING with the reason follows, and no TAIL. */
    public record Error() implements ImageRecord {

        @Override
        public void encode(ImageWriter to) throws IOException {
            to.begin(RecordType.ERROR);
        }
    }
}
