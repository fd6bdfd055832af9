// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.format.ImageReader;
import io.standpipe.internal.format.MalformedImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds images field by field in the kernel series' own layout, well-formed or not. Shares no code with the classes under test.
 * Each method appends a record and returns this object. {@link #began} is 339 bytes long, {@link #withTable} 371,
 * {@link #withInfo} 435.
 */
public final class SeedImage {

    public static final byte[] PAYLOAD = "in flight".getBytes(StandardCharsets.UTF_8);

    private static final int NO_STATE = 0;
    private static final int TABLE = 1;
    private static final int PIPE = 2;
    private static final int READ_END = 3;
    private static final int WRITE_END = 4;

    private ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);

    /** Returns one process with both ends of a pipe, without any extension record. */
    public static byte[] onePipe(int readFd, int writeFd, byte[] payload) {
        return onePipe(readFd, writeFd, payload, NO_STATE);
    }

    /** Returns one process with both ends of a pipe that belongs to root, and PIPE_STATE as the only extension record. */
    public static byte[] onePipe(int readFd, int writeFd, byte[] payload, int capacityBytes) {
        return onePipe(readFd, writeFd, payload, capacityBytes, 0);
    }

    /**
     * Returns one process with both ends of a pipe, and PIPE_STATE as the only extension record.
     *
     * @param owner uid and gid of the pipe's inode
     */
    public static byte[] onePipe(int readFd, int writeFd, byte[] payload, int capacityBytes, int owner) {
        SeedImage image = withTable(2).objref(4, READ_END).file(0, PIPE);
        if (capacityBytes != NO_STATE) {
            image.pipeState(PIPE, capacityBytes, payload.length, owner);
        }
        return image.pipeBuf(payload).fileDesc(READ_END, readFd)
                .objref(4, WRITE_END).file(1, PIPE).fileDesc(WRITE_END, writeFd).taskObjs(TABLE).tail().bytes();
    }

    /** Returns one process with a FIFO that is open for reading and writing, without any extension record. */
    public static byte[] oneFifo(int fd, String path, byte[] payload) {
        return withTable(1).objref(4, READ_END).fifo(2, PIPE).fileName(path + "\0").pipeBuf(payload)
                .fileDesc(READ_END, fd).taskObjs(TABLE).tail().bytes();
    }

    /** Returns one process with both ends of a pipe (objref 3): fd 4 is the read end (objref 2), fd 6 the write end (objref 5). */
    public static SeedImage whole() {
        return withTable(2).objref(4, 2).file(0, 3).pipeBuf(PAYLOAD).fileDesc(2, 4)
                .objref(4, 5).file(1, 3).fileDesc(5, 6).taskObjs(1).tail();
    }

    /** Returns HEADER, three BUFFER, TREE and BUFFER of one process. */
    public static SeedImage began() {
        return new SeedImage().header().uts().tree(100);
    }

    /** Returns {@link #began} and the FILE_TABLE with objref 1. */
    public static SeedImage withTable(int descriptors) {
        return began().objref(3, 1).ints(301, descriptors, 0);
    }

    /** Returns {@link #began}, INFO, and the FILE_TABLE with objref 1 for one descriptor. */
    public static SeedImage withInfo() {
        return began().info().objref(3, 1).ints(301, 1, 0);
    }

    public byte[] bytes() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    public CheckedImage image() {
        return new CheckedImage(bytes());
    }

    public SeedImage record(int type, byte[] body) {
        return frame(type, 8 + body.length).raw(body);
    }

    /** Appends a record of 32-bit fields. */
    public SeedImage ints(int type, int... fields) {
        ByteBuffer body = ByteBuffer.allocate(4 * fields.length).order(ByteOrder.LITTLE_ENDIAN);
        body.asIntBuffer().put(fields);
        return record(type, body.array());
    }

    /** Appends the eight bytes with which a record begins. */
    public SeedImage frame(int type, int length) {
        ByteBuffer frame = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(length);
        return raw(frame.array());
    }

    /** Appends bytes of any kind. */
    public SeedImage raw(byte[] more) {
        if (bytes.remaining() < more.length) {
            int size = bytes.capacity() * 2 + more.length;
            bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
        }
        bytes.put(more);
        return this;
    }

    public SeedImage header() {
        return header(0x00feed0cc0a2d200L, 6);
    }

    public SeedImage header(long magic, int rev) {
        return ints(
                1, (int) magic, (int) (magic >>> 32), 2 | 2 << 16, 6 | 32 << 16, rev, 0, 0, 0, 65 << 16, 65 | 65 << 16,
                0, 0, 1_262_304_000, 0, 0, 0);
    }

    public SeedImage uts() {
        return uts("2.6.32").uts("#1 SMP").uts("x86_64");
    }

    private SeedImage uts(String text) {
        return record(4, Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 65));
    }

    public SeedImage tree(int... pids) {
        ints(102, pids.length, 0);
        int[] entries = new int[6 * pids.length];
        for (int i = 0; i < pids.length; i++) {
            System.arraycopy(new int[] {pids[i], 1, pids[i], pids[i], 1, 0}, 0, entries, 6 * i, 6);
        }
        return ints(4, entries);
    }

    /** @param objtype FILE_TABLE 3, FILE 4 */
    public SeedImage objref(int objtype, int objref) {
        return ints(6, objtype, objref);
    }

    public SeedImage file(int flags, int pipeObjref) {
        return file(2, flags + 1, flags, pipeObjref);
    }

    public SeedImage file(int type, int mode, int flags, int pipeObjref) {
        return ints(304, type, mode, flags, 0, 0, 0, 0, 0, 0, 0, pipeObjref, 0);
    }

    /** Appends a FILE with an f_version. */
    public SeedImage fileOfVersion(int type, int flags, int pipeObjref) {
        return ints(304, type, flags + 1, flags, 0, 0, 0, 1, 1, 0, 0, pipeObjref, 0);
    }

    /** Appends the FILE of a FIFO. */
    public SeedImage fifo(int flags, int pipeObjref) {
        return file(3, flags + 1, flags, pipeObjref);
    }

    /** @param path with its NUL, if it is to have one */
    public SeedImage fileName(String path) {
        return record(303, path.getBytes(StandardCharsets.UTF_8));
    }

    public SeedImage owner(int type, int owner, int signal) {
        return ints(8005, type, owner, signal, 0);
    }

    /** @param runs length and count of each, in turn */
    public SeedImage slots(int objref, int tailEnd, int... runs) {
        int[] fields = Arrays.copyOf(new int[] {objref, tailEnd}, 2 + runs.length);
        System.arraycopy(runs, 0, fields, 2, runs.length);
        return ints(8004, fields);
    }

    public SeedImage pipeBuf(byte[] payload) {
        return record(305, payload);
    }

    public SeedImage fileDesc(int objref, int fd) {
        return ints(302, objref, fd, 0, 0);
    }

    /** @param texts name, user and command line, one behind the other */
    public SeedImage program(int pid, int nameLength, int userLength, int flags, String texts) {
        byte[] bytes = texts.getBytes(StandardCharsets.UTF_8);
        return frame(8008, 24 + bytes.length)
                .raw(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(pid).putInt(1000)
                        .putShort((short) nameLength).putShort((short) userLength).putInt(flags).array())
                .raw(bytes);
    }

    public SeedImage taskObjs(int filesObjref) {
        return ints(105, filesObjref, 0, 0, 0, 0, 0);
    }

    public SeedImage tail() {
        return ints(9001, 0xc0deef00, 0x002d2a0c);
    }

    public SeedImage info() {
        return info(4096);
    }

    public SeedImage info(int pageBytes) {
        return ints(8001, 2, pageBytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    public SeedImage pipeState(int objref, int capacityBytes, int queuedBytes) {
        return pipeState(objref, capacityBytes, queuedBytes, 1000);
    }

    /** @param owner uid and gid of the pipe's inode */
    public SeedImage pipeState(int objref, int capacityBytes, int queuedBytes, int owner) {
        return ints(8003, objref, capacityBytes, 13, 0, 4711, 0, owner, owner, 0x1180, 1, queuedBytes, 0, 0, 0);
    }

    public SeedImage digest() {
        byte[] covered = RecordWalk.withoutPayload(bytes(), RecordWalk.of(bytes()));
        return ints(8007, 1, RecordWalk.crc32c(covered), covered.length, 0);
    }

    /** Checks that the reader refuses the image with exactly this message. */
    public static void assertRefused(String message, SeedImage seed) {
        MalformedImageException refusal =
                assertThrows(MalformedImageException.class, () -> ImageReader.read(seed.image()));
        assertEquals(message, refusal.getMessage());
    }
}
