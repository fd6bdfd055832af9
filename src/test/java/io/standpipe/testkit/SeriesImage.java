// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds images with all that a kernel of the patch series put into one, record by record, from the numbers and lengths of the
 * series' public headers. Each image has three processes: the first with a pipe's read end, a FIFO, a file, a terminal, a socket and an
 * epoll file, the second with the pipe's write end, the third had ended. Shares no code with the classes under test.
 */
public final class SeriesImage {

    /** What changed in the layout from one of the series' versions to another. */
    public enum Version {
        V18(3, false, 40, 24),
        V19_RC1(4, false, 48, 24),
        V19(5, false, 48, 32),
        V21(6, false, 48, 32),
        V23(6, true, 48, 32);

        private final int revision;
        private final boolean pids;
        private final int fileLength;
        private final int taskObjsLength;

        Version(int revision, boolean pids, int fileLength, int taskObjsLength) {
            this.revision = revision;
            this.pids = pids;
            this.fileLength = fileLength;
            this.taskObjsLength = taskObjsLength;
        }
    }

    public static final int READER_PID = 100;
    public static final int WRITER_PID = 101;
    public static final int ENDED_PID = 102;
    public static final int READ_FD = 3;
    public static final int FIFO_FD = 4;
    public static final int WRITE_FD = 1;
    /** In V23, where TREE has objrefs of pids. */
    private static final int FIRST_PID_OBJREF = 7;

    private static final int TABLE = 3;
    private static final int FILE = 4;
    private static final int MM = 5;
    private static final int FS = 6;
    private static final int SIGHAND = 7;
    private static final int SIGNAL = 8;
    private static final int NS = 9;
    private static final int UTS_NS = 10;
    private static final int CRED = 14;
    private static final int USER = 15;
    private static final int SOCK = 17;
    private static final int TTY = 18;

    private static final int READER_TABLE = 20;
    private static final int PIPE = 30;

    /** More than a reader takes into memory at once. */
    private static final int MANY_PAGES = 700;
    private static final int BYTES_OF_A_PAGE = 4104;

    private final Version version;
    private final int pages;
    private final SeedImage image = new SeedImage();

    private SeriesImage(Version version, int pages) {
        this.version = version;
        this.pages = pages;
    }

    /** Returns an image with bytes in the pipe and in the FIFO. */
    public static byte[] of(Version version, byte[] inPipe, String fifo, byte[] inFifo) {
        return new SeriesImage(version, MANY_PAGES).whole(inPipe, fifo, inFifo).bytes();
    }

    /** Returns an image with little memory. */
    public static byte[] small(Version version) {
        byte[] few = "in flight".getBytes(StandardCharsets.UTF_8);
        return new SeriesImage(version, 1).whole(few, "/f", few).bytes();
    }

    private SeedImage whole(byte[] inPipe, String fifo, byte[] inFifo) {
        header();
        container();
        tree();
        task("reader");
        credentials(21);
        namespaces();
        readerTable(inPipe, fifo, inFifo);
        memory();
        taskObjects(READER_TABLE);
        thread();
        task("writer");
        record(118, ints(22, 22)); // TASK_CREDS
        record(104, ints(24, 0)); // TASK_NS
        writerTable();
        taskObjects(50);
        thread();
        task("ended");
        return image.tail();
    }

    private void header() {
        image.record(1, body(64).putLong(0x00feed0cc0a2d200L).putShort((short) (version == Version.V18 ? 1 : 2))
                .putShort((short) 2).putShort((short) 6).putShort((short) 32).putShort((short) version.revision).position(24)
                .putShort((short) 16).putShort((short) 44).putShort((short) 64).putShort((short) 65).putShort((short) 65)
                .putShort((short) 65).putShort((short) 65).putShort((short) 65).putShort((short) 65).putShort((short) 16)
                .putShort((short) 4096).putShort((short) 19).putLong(1_262_304_000L).putLong(1).array());
        image.uts();
        image.record(2, new byte[] {1, 0, 0, 0, 0, 2, 0, 0}); // HEADER_ARCH: fxsr, xsave, size of the state
    }

    private void container() {
        if (version != Version.V18) {
            image.record(3, new byte[0]); // CONTAINER
            image.record(4, Arrays.copyOf("dummy".getBytes(StandardCharsets.UTF_8), 11));
            image.record(7, "dummy".getBytes(StandardCharsets.UTF_8)); // LSM_INFO
        }
    }

    private void tree() {
        if (version.pids) {
            image.ints(101, 4, 1, FIRST_PID_OBJREF, 0); // PIDS: four, of which one has a number more
            image.ints(4, 0, READER_PID, 1, WRITER_PID, 7, 0, ENDED_PID, 0, 99);
        }
        record(102, ints(3, 0)); // TREE
        int[] entries = new int[18];
        for (int i = 0; i < 3; i++) {
            int pid = version.pids ? FIRST_PID_OBJREF + i : READER_PID + i;
            System.arraycopy(new int[] {pid, 1, pid, pid, version.pids ? FIRST_PID_OBJREF + 3 : 99, 0}, 0, entries, 6 * i, 6);
        }
        image.ints(4, entries);
    }

    private void task(String name) {
        record(103, new byte[version == Version.V18 ? 64 : 72]); // TASK
        image.record(5, Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), 16));
    }

    private void credentials(int user) {
        objref(CRED, user + 1);
        objref(USER, user);
        record(115 + 1, ints(0, 0)); // USER
        record(115, new byte[88]); // CRED
        record(118, ints(user + 1, user + 1)); // TASK_CREDS
    }

    private void namespaces() {
        objref(NS, 24);
        objref(UTS_NS, 25);
        record(110, new byte[6 * 65 + 2]); // UTS_NS
        record(109, ints(25, 0, 0, 0)); // NS
        record(104, ints(24, 0)); // TASK_NS
    }

    private void readerTable(byte[] inPipe, String fifo, byte[] inFifo) {
        objref(TABLE, READER_TABLE);
        image.ints(301, 6, 0);
        terminal();
        image.fileDesc(40, 0);
        objref(FILE, 42);
        file(1, 0, 0x8000);
        image.fileName("/var/log/app.log\0").fileDesc(42, 2);
        objref(FILE, 31);
        objref(CRED, 32);
        record(115, new byte[88]);
        pipe(2, 0);
        image.pipeBuf(inPipe).fileDesc(31, READ_FD);
        objref(FILE, 33);
        file(3, 3, 2, 34);
        image.fileName(fifo + "\0").pipeBuf(inFifo).fileDesc(33, FIFO_FD);
        objref(FILE, 43);
        objref(SOCK, 44);
        image.record(701, new byte[144]).record(705, new byte[252]); // SOCKET, SOCKET_UNIX
        file(4, 3, 2, 44);
        image.fileDesc(43, 5);
        objref(FILE, 45);
        file(6, 3, 2);
        image.fileDesc(45, 6);
        image.ints(308, 45, 1).ints(4, 1, 0, 3, 31, 1, 0); // EPOLL_ITEMS, of the pipe
        image.ints(702, 1, 5).record(703, new byte[96]).record(4, "hello".getBytes(StandardCharsets.UTF_8));
    }

    /** A terminal, and within it the file at its other end. */
    private void terminal() {
        objref(FILE, 40);
        objref(TTY, 41);
        objref(FILE, 46);
        objref(TTY, 47);
        image.record(306, new byte[80]); // TTY
        file(5, 3, 2, 47);
        image.record(306, new byte[80]).record(307, new byte[552]).record(4, "ls\n".getBytes(StandardCharsets.UTF_8));
        file(5, 3, 2, 41);
    }

    private void writerTable() {
        objref(TABLE, 50);
        image.ints(301, 1, 0);
        objref(FILE, 51);
        pipe(2, 1);
        image.fileDesc(51, WRITE_FD);
    }

    private void memory() {
        objref(MM, 60);
        objref(FILE, 61);
        file(1, 0, 0x8000);
        image.fileName("/bin/app\0");
        image.record(401, new byte[112]).record(4, new byte[352]); // MM, and the auxiliary vector
        image.record(402, new byte[64]); // VMA
        image.ints(403, pages, 0).record(4, new byte[pages * BYTES_OF_A_PAGE]); // PGARR, and the pages with their addresses
        image.ints(403, 0, 0);
        image.record(version.pids ? 405 : 404, new byte[16]).record(202, new byte[16]); // MM_CONTEXT
        if (version.taskObjsLength == 32) {
            objref(FS, 62);
            image.ints(451, 18, 0).record(5, "/\0".getBytes(StandardCharsets.UTF_8)).record(5, "/\0".getBytes(StandardCharsets.UTF_8));
        }
        objref(SIGHAND, 63);
        image.record(601, new byte[64 * 32]);
        objref(SIGNAL, 64);
        image.record(602, new byte[320]).record(604, new byte[16]);
    }

    private void taskObjects(int table) {
        byte[] fields = Arrays.copyOf(ints(table, 60, 63, 64), version.taskObjsLength - 8);
        record(105, fields);
    }

    private void thread() {
        record(107, new byte[16]); // THREAD
        image.record(4, new byte[24]);
        record(106, ints(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)); // RESTART_BLOCK
        record(108, new byte[192]); // CPU
        image.record(201, new byte[512]); // CPU_FPU
        image.record(603, new byte[8]); // SIGNAL_TASK
    }

    private void pipe(int type, int flags) {
        file(type, flags + 1, flags, PIPE);
    }

    /** FILE: what every file has, and fields behind that. */
    private void file(int type, int mode, int flags, int... more) {
        byte[] fields = Arrays.copyOf(ints(type, mode, flags), version.fileLength - 8 + (more.length > 0 ? 8 : 0));
        if (more.length > 0) {
            System.arraycopy(ints(more), 0, fields, version.fileLength - 8, 4);
        }
        image.record(304, fields);
    }

    /** @param type as it is with PIDS, which moved those of processes up by one */
    private void record(int type, byte[] body) {
        image.record(version.pids ? type : type - 1, body);
    }

    private void objref(int objtype, int objref) {
        image.objref(version.pids ? objtype : objtype - 1, objref);
    }

    private static byte[] ints(int... fields) {
        ByteBuffer body = body(4 * fields.length);
        body.asIntBuffer().put(fields);
        return body.array();
    }

    private static ByteBuffer body(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
