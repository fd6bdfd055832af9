// SPDX-License-Identifier: Apache-2.0
package io.standpipe.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Damage of every byte of an image with all extension records. */
class DamagedImageTest {

    private static final int[] FLIPS = {0x01, 0x80, 0xff};

    private byte[] image;
    private boolean[] payload;

    @BeforeEach
    void write() throws IOException {
        image = SampleImage.ofPipes(100, 8192).bytes();
        payload = RecordWalk.payloadMap(image);
    }

    @Test
    void undamagedImageIsAccepted() throws IOException {
        assertEquals(2, ImageReader.read(new MemoryImage(image)).pipes().size());
    }

    @Test
    void imageCutAtAnyLengthIsRefused() {
        for (int length = 0; length < image.length; length++) {
            MemoryImage cut = new MemoryImage(Arrays.copyOf(image, length));
            assertThrows(MalformedImageException.class, () -> ImageReader.read(cut), "cut to " + length);
        }
    }

    @Test
    void everyDamagedByteOutsidePayloadIsRefused() {
        for (int at = 0; at < image.length; at++) {
            for (int flip : FLIPS) {
                if (!payload[at]) {
                    MemoryImage damaged = damaged(at, flip);
                    assertThrows(
                            MalformedImageException.class, () -> ImageReader.read(damaged),
                            "byte " + at + " xor " + flip);
                }
            }
        }
    }

    @Test
    void damagedPayloadIsNotTheReadersConcern() throws IOException {
        Image expected = ImageReader.read(new MemoryImage(image));
        for (int at = 0; at < image.length; at++) {
            if (payload[at]) {
                assertEquals(expected, ImageReader.read(damaged(at, 0xff)), "byte " + at);
            }
        }
    }

    private MemoryImage damaged(int at, int flip) {
        byte[] bytes = image.clone();
        bytes[at] ^= (byte) flip;
        return new MemoryImage(bytes);
    }
}
