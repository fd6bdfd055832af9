// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static io.standpipe.testkit.SeedImage.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.standpipe.Image;
import io.standpipe.testkit.SeedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reading takes has a bound, whatever an image says and however long it says it is. */
class BoundedReadingTest {

    private static final int PAD = 8002;
    private static final int LONGEST_RECORD = 2 * 1024 * 1024 - 4096;
    private static final long WINDOWS_BYTES = 4L * 1024 * 1024;
    private static final long SMALL_BYTES = 256 * 1024;

    /** A reference for each of as many as there may be, and what was allocated besides. */
    private static final long MOST_DESCRIPTORS_BYTES = 16L * Image.MOST_DESCRIPTORS;

    /** An image without end that is nowhere: what began, and PADs behind it. Counts what it is asked for. */
    private static final class EndlessImage implements ImageReader.Source {

        private final byte[] beginning;
        private final LongUnaryOperator padLength;
        private long padAt;
        private long pads;
        private long allocatedBytes;
        private long readBytes;

        /** @param padLength how long each PAD is, by its number */
        EndlessImage(LongUnaryOperator padLength) {
            this(SeedImage.began(), padLength);
        }

        EndlessImage(SeedImage began, LongUnaryOperator padLength) {
            beginning = began.bytes();
            padAt = beginning.length;
            this.padLength = padLength;
        }

        @Override
        public long sizeBytes() {
            return Long.MAX_VALUE / 2;
        }

        @Override
        public ByteBuffer allocate(int bytes) {
            allocatedBytes += bytes;
            return ByteBuffer.allocate(bytes);
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) {
            readBytes += into.limit();
            into.order(ByteOrder.LITTLE_ENDIAN);
            into.put(0, new byte[into.limit()]);
            if (offsetBytes < beginning.length) {
                into.put(0, beginning, (int) offsetBytes, (int) Math.min(into.limit(), beginning.length - offsetBytes));
            }
            while (padAt + length(pads) <= offsetBytes) {
                padAt += length(pads++);
            }
            long at = padAt;
            for (long pad = pads; at + 8 <= offsetBytes + into.limit(); at += length(pad++)) {
                if (at >= offsetBytes) {
                    into.putInt((int) (at - offsetBytes), PAD).putInt((int) (at - offsetBytes) + 4, (int) length(pad));
                }
            }
        }

        private long length(long pad) {
            return padLength.applyAsLong(pad);
        }
    }

    @Test
    void paddingWithoutEndIsRefusedInTheEnd() {
        EndlessImage image = new EndlessImage(pad -> LONGEST_RECORD);
        MalformedImageException e = assertThrows(MalformedImageException.class, () -> ImageReader.read(image));
        assertEquals("offset 4294951251: PAD: with it there are 4297044307 bytes beside payload,"
                + " expected at most 4294967296", e.getMessage());
        assertTrue(image.readBytes <= RecordCursor.MOST_COVERED_BYTES + 2L * 4096 * 3000, image.readBytes + " bytes read");
    }

    /** Not said to be of the type of the record before. */
    @Test
    void frameBehindAsMuchAsIsAllowedIsRefused() {
        long allowed = RecordCursor.MOST_COVERED_BYTES - SeedImage.began().bytes().length;
        long whole = allowed / LONGEST_RECORD;
        EndlessImage image = new EndlessImage(pad -> pad == whole ? allowed % LONGEST_RECORD : LONGEST_RECORD);
        MalformedImageException e = assertThrows(MalformedImageException.class, () -> ImageReader.read(image));
        assertEquals("offset 4294967296: a record's frame: with it there are 4294967304 bytes beside payload,"
                + " expected at most 4294967296", e.getMessage());
    }

    @Test
    void recordsThatGrowStepByStepAreReadIntoLittleMemory() {
        EndlessImage image = new EndlessImage(pad -> Math.min(LONGEST_RECORD, 4096 * (pad + 1)));
        assertThrows(MalformedImageException.class, () -> ImageReader.read(image));
        assertTrue(image.allocatedBytes <= WINDOWS_BYTES, image.allocatedBytes + " bytes allocated");
    }

    /** However long the image says that it is, too. */
    @ParameterizedTest
    @ValueSource(ints = {10_000_000, Integer.MAX_VALUE})
    void tableThatClaimsManyDescriptorsTakesLittleOfTheHeap(int claimed) {
        EndlessImage endless = new EndlessImage(SeedImage.withTable(claimed).tail(), pad -> LONGEST_RECORD);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        assertRefused("offset 371: found TAIL, expected FILE_DESC", SeedImage.withTable(claimed).tail());
        long small = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertTrue(small <= SMALL_BYTES, small + " bytes allocated");
        assertThrows(MalformedImageException.class, () -> ImageReader.read(endless));
        long both = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertTrue(both <= MOST_DESCRIPTORS_BYTES, both + " bytes allocated");
    }

    @Test
    void sharedTableWithTooManyDescriptorsInAllIsRefused() throws IOException {
        int each = Image.MOST_DESCRIPTORS / 64;
        assertEquals(64, ImageReader.read(shared(64, each).image()).processes().size());
        assertRefused("offset " + (shared(65, each).bytes().length - 16 - 32)
                + ": TASK_OBJS: the processes up to this one have 1064960 descriptors, expected at most 1048576",
                shared(65, each));
    }

    private static SeedImage shared(int processes, int descriptors) {
        int[] pids = new int[processes];
        for (int i = 0; i < processes; i++) {
            pids[i] = 100 + i;
        }
        SeedImage image = new SeedImage().header().uts().tree(pids).objref(3, 1).ints(301, descriptors, 0)
                .objref(4, 2).file(0, 3).pipeBuf(SeedImage.PAYLOAD);
        for (int number = 0; number < descriptors; number++) {
            image.fileDesc(2, number);
        }
        for (int i = 0; i < processes; i++) {
            image.taskObjs(1);
        }
        return image.tail();
    }

    @Test
    void reasonOfWriterIsReportedWithoutControlCharacters() {
        assertRefused(
                "offset 371: ERROR: whoever wrote the image gave up before its end: a\\x1b[2J\\u202eb",
                SeedImage.withTable(1).record(9999, new byte[0])
                        .record(5, "a\u001b[2J\u202eb\0".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void payloadOfAPipeThatWasMetBeforeIsRefused() {
        assertRefused(
                "offset 556: found PIPE_BUF, expected FILE_DESC",
                SeedImage.withTable(2).objref(4, 2).file(0, 3).pipeBuf(SeedImage.PAYLOAD).fileDesc(2, 4)
                        .objref(4, 5).file(1, 3).pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void payloadWithoutADescriptionIsRefused() {
        assertRefused(
                "offset 371: found PIPE_BUF, expected FILE_DESC", SeedImage.withTable(1).pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void secondPayloadOfAPipeIsRefused() {
        assertRefused(
                "offset 460: found PIPE_BUF, expected FILE_DESC",
                SeedImage.withTable(1).objref(4, 2).file(0, 3).pipeBuf(SeedImage.PAYLOAD).pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void recordThatReachesIntoTheNextIsRefused() {
        assertRefused(
                "offset 387: FILE: length is 64, expected 56",
                SeedImage.withTable(1).objref(4, 2).frame(304, 64).raw(new byte[] {2}).raw(new byte[47]).pipeBuf(SeedImage.PAYLOAD));
    }
}
