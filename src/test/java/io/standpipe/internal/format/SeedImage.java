// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds images number by number, as the kernel series laid them out, well-formed or not. Shares no code with the
 * classes under test. {@link #began} is 339 bytes long, {@link #withTable} 371,
 * {@link #withInfo} 435.
 */
final class SeedImage {

    static final byte[] PAYLOAD = "in flight".getBytes(StandardCharsets.UTF_8);

    private ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);

    /** The series' own layout: one pipe (objref 3), read end (2) as descriptor 4, write end (5) as 6. */
    static SeedImage whole() {
        return withTable(2).objref(4, 2).file(0, 3).pipeBuf(PAYLOAD).fileDesc(2, 4)
                .objref(4, 5).file(1, 3).fileDesc(5, 6).taskObjs(1).tail();
    }

    /** HEADER, three BUFFER, TREE and BUFFER of one process. */
    static SeedImage began() {
        return new SeedImage().header().uts().tree(100);
    }

    /** What {@link #began} has, and the begin of the table with objref 1. */
    static SeedImage withTable(int descriptors) {
        return began().objref(3, 1).ints(301, descriptors, 0);
    }

    /** What {@link #withTable} has for one descriptor, and INFO before the table. */
    static SeedImage withInfo() {
        return began().info().objref(3, 1).ints(301, 1, 0);
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    MemoryImage image() {
        return new MemoryImage(bytes());
    }

    SeedImage record(int type, byte[] body) {
        return frame(type, 8 + body.length).raw(body);
    }

    /** A record of 32-bit fields. */
    SeedImage ints(int type, int... fields) {
        ByteBuffer body = ByteBuffer.allocate(4 * fields.length).order(ByteOrder.LITTLE_ENDIAN);
        body.asIntBuffer().put(fields);
        return record(type, body.array());
    }

    /** The eight bytes that begin a record, whatever follows. */
    SeedImage frame(int type, int length) {
        ByteBuffer frame = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(length);
        return raw(frame.array());
    }

    SeedImage raw(byte[] more) {
        if (bytes.remaining() < more.length) {
            int size = bytes.capacity() * 2 + more.length;
            bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
        }
        bytes.put(more);
        return this;
    }

    SeedImage header() {
        return header(0x00feed0cc0a2d200L, 6);
    }

    SeedImage header(long magic, int rev) {
        return ints(
                1, (int) magic, (int) (magic >>> 32), 2 | 2 << 16, 6 | 32 << 16, rev, 0, 0, 0, 65 << 16, 65 | 65 << 16,
                0, 0, 1_262_304_000, 0, 0, 0);
    }

    SeedImage uts() {
        return uts("2.6.32").uts("#1 SMP").uts("x86_64");
    }

    private SeedImage uts(String text) {
        return record(4, Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 65));
    }

    SeedImage tree(int... pids) {
        ints(102, pids.length, 0);
        int[] entries = new int[6 * pids.length];
        for (int i = 0; i < pids.length; i++) {
            System.arraycopy(new int[] {pids[i], 1, pids[i], pids[i], 1, 0}, 0, entries, 6 * i, 6);
        }
        return ints(4, entries);
    }

    /** @param objtype FILE_TABLE 3, FILE 4 */
    SeedImage objref(int objtype, int objref) {
        return ints(6, objtype, objref);
    }

    SeedImage file(int flags, int pipeObjref) {
        return file(2, flags + 1, flags, pipeObjref);
    }

    SeedImage file(int type, int mode, int flags, int pipeObjref) {
        return ints(304, type, mode, flags, 0, 0, 0, 0, 0, 0, 0, pipeObjref, 0);
    }

    /** FILE with an f_version. */
    SeedImage fileOfVersion(int type, int flags, int pipeObjref) {
        return ints(304, type, flags + 1, flags, 0, 0, 0, 1, 1, 0, 0, pipeObjref, 0);
    }

    /** FILE of a FIFO. */
    SeedImage fifo(int flags, int pipeObjref) {
        return file(3, flags + 1, flags, pipeObjref);
    }

    /** @param path with its NUL, if it is to have one */
    SeedImage fileName(String path) {
        return record(303, path.getBytes(StandardCharsets.UTF_8));
    }

    SeedImage owner(int type, int owner, int signal) {
        return ints(8005, type, owner, signal, 0);
    }

    /** @param runs length and count of each, in turn */
    SeedImage slots(int objref, int tailEnd, int... runs) {
        int[] fields = Arrays.copyOf(new int[] {objref, tailEnd}, 2 + runs.length);
        System.arraycopy(runs, 0, fields, 2, runs.length);
        return ints(8004, fields);
    }

    SeedImage pipeBuf(byte[] payload) {
        return record(305, payload);
    }

    SeedImage fileDesc(int objref, int number) {
        return ints(302, objref, number, 0, 0);
    }

    SeedImage taskObjs(int filesObjref) {
        return ints(105, filesObjref, 0, 0, 0, 0, 0);
    }

    SeedImage tail() {
        return ints(9001, 0xc0deef00, 0x002d2a0c);
    }

    SeedImage info() {
        return info(4096);
    }

    SeedImage info(int pageSize) {
        return ints(8001, 2, pageSize, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    SeedImage pipeState(int objref, int capacity, int queued) {
        return ints(8003, objref, capacity, 13, 0, 4711, 0, 1000, 1000, 0x1180, 1, queued, 0, 0, 0);
    }

    SeedImage digest() {
        byte[] covered = RecordWalk.withoutPayload(bytes(), RecordWalk.of(bytes()));
        return ints(8007, 1, RecordWalk.crc32c(covered), covered.length, 0);
    }

    /** Has it read, and expects a refusal in exactly these words. */
    static void assertRefused(String message, SeedImage seed) {
        MalformedImageException refusal =
                assertThrows(MalformedImageException.class, () -> ImageReader.read(seed.image()));
        assertEquals(message, refusal.getMessage());
    }
}
