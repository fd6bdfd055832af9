// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(DescriptorLeakCheck.class)
class CopyingRestoreTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 61_540, 65_536})
    void copiedPayloadIsUnchangedWhenImageIsOverwritten(int length) throws IOException {
        Path image = folder.resolve("pipes.ckpt");
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(length))) {
            Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(image);
            try (RestoredPipes restored = Restore.from(image).copying().open()) {
                Files.write(image, new byte[(int) Files.size(image)], StandardOpenOption.WRITE);
                assertArrayEquals(RandomBytes.of(length), PipeIo.readAll(restored.descriptor(pipe.readFd()).number()));
            }
        }
    }

    @Test
    void aFullPipeOfOneMebibyteIsCopied() throws IOException {
        Path image = folder.resolve("pipes.ckpt");
        try (TestPipe pipe = TestPipe.ofCapacity(1 << 20)) {
            pipe.write(RandomBytes.of(1 << 20));
            Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(image);
            try (RestoredPipes restored = Restore.from(image).copying().open()) {
                assertEquals(1 << 20, Pipes.queuedBytes(restored.descriptor(pipe.readFd()).number()));
            }
        }
    }
}
