// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static io.standpipe.pipe.Pipes.WOULD_BLOCK;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.SeedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(DescriptorLeakCheck.class)
class SeedLayoutTest {

    private static final int FULL = 65_536;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 65_000, FULL})
    void payloadOfImageWithoutExtensionsIsRestored(int length) throws IOException {
        try (RestoredPipes restored = Restore.from(image(length)).open()) {
            assertArrayEquals(RandomBytes.of(length), PipeIo.readAll(restored.descriptor(3).number()));
        }
    }

    @Test
    void fullPipeIsRestoredFull() throws IOException {
        try (RestoredPipes restored = Restore.from(image(FULL)).open()) {
            int w = restored.descriptor(4).number();
            assertEquals(WOULD_BLOCK, PipeIo.tryWrite(w, new byte[1]));
        }
    }

    @Test
    void pipeWithoutStateHasDefaultCapacity() throws IOException {
        try (RestoredPipes restored = Restore.from(image(FULL)).open()) {
            assertEquals(FULL, Pipes.capacityBytes(restored.descriptor(3).number()));
        }
    }

    @Test
    void imageWithoutInfoHasNoCreator() throws IOException {
        assertNull(Restore.from(image(FULL)).check().origin().creator());
    }

    @Test
    void payloadBeginsWithinPage() throws IOException {
        assertNotEquals(0, Restore.from(image(FULL)).check().pipes().values().iterator().next().payloadOffsetBytes() % 4096);
    }

    private Path image(int payloadLength) throws IOException {
        byte[] image = SeedImage.onePipe(3, 4, RandomBytes.of(payloadLength));
        return Files.write(folder.resolve("seed.ckpt"), image);
    }
}
