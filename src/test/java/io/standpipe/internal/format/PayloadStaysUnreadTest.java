// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.testkit.CheckedImage;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.SampleImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which parts of an image the reader asks its source for. */
class PayloadStaysUnreadTest {

    private record Range(long from, long to) {

        boolean overlaps(long otherFrom, long otherTo) {
            return from < otherTo && otherFrom < to;
        }
    }

    private static final class RecordingSource implements ImageReader.Source {

        private final CheckedImage image;
        private final List<Range> asked = new ArrayList<>();
        private long largestBytes;

        private RecordingSource(CheckedImage image) {
            this.image = image;
        }

        @Override
        public long sizeBytes() {
            return image.sizeBytes();
        }

        @Override
        public ByteBuffer allocate(int sizeBytes) {
            largestBytes = Math.max(largestBytes, sizeBytes);
            return image.allocate(sizeBytes);
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) {
            asked.add(new Range(offsetBytes, offsetBytes + into.limit()));
            image.read(offsetBytes, into);
        }
    }

    @Test
    void payloadOfAPageOrMoreIsNeverAskedFor() throws IOException {
        RecordingSource source = new RecordingSource(SampleImage.ofPipes(100, 8192, 4096, 0, 5000, 4095, 65_536, 4097));
        for (Image.Pipe pipe : ImageReader.read(source).pipes().values()) {
            long from = pipe.payloadOffsetBytes();
            if (pipe.payloadBytes() >= 4096) {
                assertEquals(0, overlaps(source, from, from + pipe.payloadBytes()), "payload at " + from);
            }
        }
    }

    @Test
    void pagesOfPayloadBehindAPhaseAreNeverAskedFor() throws IOException {
        SlotsRecord slots = new SlotsRecord(
                3, new Slots(0, List.of(new Slots.Run(100, 1, false), new Slots.Run(4096, 2, false))));
        RecordingSource source = new RecordingSource(SampleImage.ofFifo(slots, RandomBytes.of(8292)));
        long from = ImageReader.read(source).pipes().values().iterator().next().payloadOffsetBytes();
        assertEquals(0, overlaps(source, from + 100, from + 8292));
    }

    @Test
    void recordsBehindPayloadAreAskedForUpToTheEndOfAPage() throws IOException {
        RecordingSource source = new RecordingSource(SampleImage.ofPipes(5000, 8192));
        ImageReader.read(source);
        for (Range range : source.asked) {
            assertTrue(range.to() % 4096 == 0 || range.to() == source.sizeBytes(), range.toString());
        }
    }

    @Test
    void memoryDoesNotGrowWithPayload() throws IOException {
        RecordingSource source = new RecordingSource(SampleImage.ofPipes(1 << 20));
        ImageReader.read(source);
        assertEquals(8192, source.largestBytes);
    }

    private static long overlaps(RecordingSource source, long from, long to) {
        return source.asked.stream().filter(range -> range.overlaps(from, to)).count();
    }
}
