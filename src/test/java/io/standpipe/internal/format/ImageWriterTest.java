// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.CheckedImage;
import io.standpipe.testkit.RecordWalk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageWriterTest {

    private static final int PAGE = 4096;
    private static final int FRAMES = 16;
    private static final int PAD = 8002;
    private static final int DIGEST = 8007;

    private final CheckedImage image = new CheckedImage();
    private final ImageWriter writer = new ImageWriter(image, PAGE);

    @Test
    void aRecordThatIsLongerThanItSaysLeavesNothing() throws IOException {
        ImageRecord record = to -> {
            to.begin(RecordType.BUFFER, ImageRecord.HEADER_LENGTH + Integer.BYTES);
            to.putInt(ImageRecord.HEADER_LENGTH, 1);
            to.putInt(ImageRecord.HEADER_LENGTH + Integer.BYTES, 2);
        };
        assertThrows(IndexOutOfBoundsException.class, () -> writer.append(record));
        assertEquals(0, writer.lengthBytes());
        writer.append(new SmallRecords.FileDesc(1, 2, false));
        writer.finish();
        assertEquals(List.of(302, DIGEST, 9001), RecordWalk.types(image.bytes()));
    }

    @Test
    void payloadOfPageBeginsAtPage() throws IOException {
        for (int phase = 0; phase < PAGE; phase++) {
            CheckedImage phased = new CheckedImage();
            assertEquals(0, writePhase(phased, phase, PAGE) % PAGE, "phase " + phase);
        }
    }

    @Test
    void recordsHaveNoGapsBetweenThem() throws IOException {
        for (int phase = 0; phase < PAGE; phase++) {
            CheckedImage phased = new CheckedImage();
            writePhase(phased, phase, PAGE);
            List<Integer> types = RecordWalk.types(phased.bytes()).stream().filter(type -> type != PAD).toList();
            assertEquals(List.of(4, 305, 302, DIGEST, 9001), types, "phase " + phase);
        }
    }

    @Test
    void padIsAtMostAPageAndAFrame() throws IOException {
        for (int phase = 0; phase < PAGE; phase++) {
            CheckedImage phased = new CheckedImage();
            int unpadded = phase + FRAMES;
            int moved = writePhase(phased, phase, PAGE) - unpadded;
            assertTrue(moved == 0 || moved >= 8 && moved < PAGE + 8, "phase " + phase + " moved " + moved);
        }
    }

    @Test
    void payloadBelowAPageFollowsWithoutPad() throws IOException {
        for (int phase = 0; phase < PAGE; phase += 61) {
            CheckedImage phased = new CheckedImage();
            assertEquals(phase + FRAMES, writePhase(phased, phase, PAGE - 1), "phase " + phase);
        }
    }

    @Test
    void payloadThatIsAtAPageAlreadyNeedsNoPad() throws IOException {
        assertEquals(PAGE, writePhase(image, PAGE - FRAMES, PAGE));
        assertEquals(List.of(4, 305, 302, DIGEST, 9001), RecordWalk.types(image.bytes()));
    }

    @Test
    void gapBelowAFramePadsToTheNextPage() throws IOException {
        for (int gap = 1; gap < 8; gap++) {
            CheckedImage phased = new CheckedImage();
            assertEquals(2 * PAGE, writePhase(phased, PAGE - FRAMES - gap, PAGE), "gap " + gap);
            assertEquals(PAGE + gap, RecordWalk.only(phased.bytes(), PAD).length(), "gap " + gap);
        }
    }

    @Test
    void gapOfAFrameIsAPadOfEightBytes() throws IOException {
        assertEquals(PAGE, writePhase(image, PAGE - FRAMES - 8, PAGE));
        assertEquals(8, RecordWalk.only(image.bytes(), PAD).length());
    }

    @Test
    void anotherPageSizeIsAlignedToAsWell() throws IOException {
        ImageWriter large = new ImageWriter(image, 65_536);
        large.append(new SmallRecords.Buffer(new byte[5]));
        assertEquals(65_536, image.putPayload(large, new byte[65_536]));
    }

    @Test
    void payloadWithPhaseBeginsAtPhaseInPage() throws IOException {
        for (int phase = 0; phase < PAGE; phase++) {
            CheckedImage phased = new CheckedImage();
            ImageWriter each = new ImageWriter(phased, PAGE);
            each.append(new SmallRecords.Buffer(new byte[PAGE - phase]));
            assertEquals(phase, phased.putPayload(each, new byte[PAGE], phase) % PAGE, "phase " + phase);
        }
    }

    @Test
    void gapBelowAFrameBeforeAPhasePadsToTheNextPage() throws IOException {
        for (int gap = 1; gap < 8; gap++) {
            CheckedImage phased = new CheckedImage();
            ImageWriter each = new ImageWriter(phased, PAGE);
            each.append(new SmallRecords.Buffer(new byte[100 - FRAMES - gap]));
            assertEquals(PAGE + 100, phased.putPayload(each, new byte[PAGE], 100), "gap " + gap);
        }
    }

    @Test
    void payloadBelowAPageHasNoPhase() throws IOException {
        writer.append(new SmallRecords.Buffer(new byte[5]));
        assertEquals(5 + FRAMES, image.putPayload(writer, new byte[PAGE - 1], 100));
    }

    @Test
    void emptyPipeHasABufferOfEightBytes() throws IOException {
        image.putPayload(writer, new byte[0]);
        writer.finish();
        assertEquals(8, RecordWalk.only(image.bytes(), 305).length());
    }

    @Test
    void payloadStandsWhereTheWriterSaid() throws IOException {
        byte[] payload = new byte[3 * PAGE + 17];
        new Random(7).nextBytes(payload);
        writer.append(new SmallRecords.FileTable(1));
        int offset = image.putPayload(writer, payload);
        writer.finish();
        assertArrayEquals(payload, Arrays.copyOfRange(image.bytes(), offset, offset + payload.length));
    }

    @Test
    void walkGoesFromHeaderToTail() throws IOException {
        image.putPayload(begun(), new byte[2 * PAGE]);
        image.putPayload(writer, new byte[100]);
        writer.finish();
        assertEquals(List.of(1, 4, PAD, 305, 305, DIGEST, 9001), RecordWalk.types(image.bytes()));
    }

    @Test
    void lengthCountsRecordsAndPayload() throws IOException {
        image.putPayload(begun(), new byte[2 * PAGE]);
        writer.append(new SmallRecords.TaskObjs(1));
        assertEquals(PAGE + 2 * PAGE + 32, writer.lengthBytes());
    }

    @Test
    void digestIsTheCrcOfAllRecordsBeforeItWithoutPayload() throws IOException {
        byte[] payload = new byte[2 * PAGE + 3];
        new Random(11).nextBytes(payload);
        image.putPayload(begun(), payload);
        image.putPayload(writer, Arrays.copyOf(payload, 99));
        writer.append(new SmallRecords.Buffer(Arrays.copyOf(payload, 6 * PAGE)));
        writer.finish();
        byte[] bytes = image.bytes();
        List<RecordWalk.Found> records = RecordWalk.of(bytes);
        byte[] covered = RecordWalk.withoutPayload(bytes, records.subList(0, records.size() - 2));
        ByteBuffer digest = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = RecordWalk.only(bytes, DIGEST).offset();
        assertEquals(RecordWalk.crc32c(covered), digest.getInt(at + 12));
        assertEquals(covered.length, digest.getLong(at + 16));
    }

    @Test
    void recordLargerThanTheGatheringBufferIsWrittenWhole() throws IOException {
        List<Task> tasks = IntStream.rangeClosed(1, 65_536)
                .mapToObj(pid -> new Task(pid, 1, pid, pid, 1, 0))
                .toList();
        writer.append(new SmallRecords.Tree(tasks.size()));
        writer.append(SmallRecords.Tree.entries(tasks));
        writer.append(new SmallRecords.TaskObjs(1));
        writer.finish();
        ByteBuffer bytes = ByteBuffer.wrap(image.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(List.of(102, 4, 105, DIGEST, 9001), RecordWalk.types(image.bytes()));
        assertEquals(65_536, bytes.getInt(16 + 8 + 65_535 * 24));
    }

    private ImageWriter begun() throws IOException {
        writer.append(new HeaderRecord(2, 6, 8, 0, 65, 65, 65, 0, 0));
        writer.append(SmallRecords.Buffer.ofUts("6.8.0"));
        return writer;
    }

    /** A BUFFER of so many bytes, payload, and a record behind it; returns where the payload is. */
    private static int writePhase(CheckedImage into, int phase, int payloadBytes) throws IOException {
        ImageWriter writer = new ImageWriter(into, PAGE);
        writer.append(new SmallRecords.Buffer(new byte[phase]));
        int offset = into.putPayload(writer, new byte[payloadBytes]);
        writer.append(new SmallRecords.FileDesc(1, 2, false));
        writer.finish();
        return offset;
    }
}
