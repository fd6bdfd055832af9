// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.testkit.CheckedImage;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.RecordWalk;
import io.standpipe.testkit.SampleImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Damage of every byte of images that have all extension records. */
class DamagedImageTest {

    private static final int[] FLIPS = {0x01, 0x80, 0xff};

    private byte[] image;

    @BeforeEach
    void write() throws IOException {
        image = SampleImage.ofPipes(100, 8192).bytes();
    }

    @Test
    void undamagedImageIsAccepted() throws IOException {
        assertEquals(2, ImageReader.read(new CheckedImage(image)).pipes().size());
    }

    @Test
    void imageCutAtAnyLengthIsRefused() {
        assertCutsAreRefused(image);
    }

    @Test
    void fifoCutAtAnyLengthIsRefused() throws IOException {
        assertCutsAreRefused(fifo());
    }

    @Test
    void everyDamagedByteOutsidePayloadIsRefused() {
        assertDamageIsRefused(image);
    }

    @Test
    void everyDamagedByteOfAFifoIsRefused() throws IOException {
        assertDamageIsRefused(fifo());
    }

    @Test
    void damagedPayloadIsNotTheReadersConcern() throws IOException {
        Image expected = ImageReader.read(new CheckedImage(image));
        boolean[] payload = RecordWalk.payloadMap(image);
        for (int at = 0; at < image.length; at++) {
            if (payload[at]) {
                assertEquals(expected, ImageReader.read(damaged(image, at, 0xff)), "byte " + at);
            }
        }
    }

    private static byte[] fifo() throws IOException {
        SlotsRecord slots = new SlotsRecord(3, new Slots(60, List.of(
                new Slots.Run(100, 1, true), new Slots.Run(4096, 1, false),
                new Slots.Run(50, 1, false))));
        return SampleImage.ofFifo(slots, RandomBytes.of(4246)).bytes();
    }

    private static void assertCutsAreRefused(byte[] image) {
        for (int length = 0; length < image.length; length++) {
            CheckedImage cut = new CheckedImage(Arrays.copyOf(image, length));
            assertThrows(MalformedImageException.class, () -> ImageReader.read(cut), "cut to " + length);
        }
    }

    private static void assertDamageIsRefused(byte[] image) {
        boolean[] payload = RecordWalk.payloadMap(image);
        for (int at = 0; at < image.length; at++) {
            for (int flip : FLIPS) {
                if (!payload[at]) {
                    CheckedImage damaged = damaged(image, at, flip);
                    assertThrows(
                            MalformedImageException.class, () -> ImageReader.read(damaged),
                            "byte " + at + " xor " + flip);
                }
            }
        }
    }

    private static CheckedImage damaged(byte[] image, int at, int flip) {
        byte[] bytes = image.clone();
        bytes[at] ^= (byte) flip;
        return new CheckedImage(bytes);
    }
}
