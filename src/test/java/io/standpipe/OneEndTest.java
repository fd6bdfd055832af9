// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class OneEndTest {

    private static final byte[] CONTENT = RandomBytes.of(5000);

    @TempDir
    Path folder;

    @Test
    void readEndAloneKeepsItsBytes() throws IOException {
        try (TestPipe pipe = TestPipe.holding(CONTENT);
                RestoredPipes restored = restored(pipe.readFd())) {
            assertArrayEquals(CONTENT, PipeIo.readAll(restored.descriptor(pipe.readFd()).number()));
        }
    }

    @Test
    void readEndAloneIsTheOnlyRestoredFd() throws IOException {
        try (TestPipe pipe = TestPipe.holding(CONTENT);
                RestoredPipes restored = restored(pipe.readFd())) {
            assertEquals(1, restored.numbers().size());
        }
    }

    @Test
    void writeEndAloneIsSavedWithBytesWhileReaderIsExternal() throws IOException {
        try (TestPipe pipe = TestPipe.holding(CONTENT);
                RestoredPipes restored = restored(pipe.writeFd())) {
            assertArrayEquals(CONTENT, PipeIo.readBehind(restored.descriptor(pipe.writeFd()).number()));
        }
    }

    @Test
    void writeEndAloneIsSavedWithBytesAfterReaderClosed() throws IOException {
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            pipe.closeReadEnd();
            try (RestoredPipes restored = restored(pipe.writeFd())) {
                assertArrayEquals(CONTENT, PipeIo.readBehind(restored.descriptor(pipe.writeFd()).number()));
            }
        }
    }

    @Test
    void restoredWriteEndAloneIsBroken() throws IOException {
        try (TestPipe pipe = TestPipe.holding(CONTENT);
                RestoredPipes restored = restored(pipe.writeFd())) {
            assertTrue(PipeIo.isBroken(restored.descriptor(pipe.writeFd()).number()));
        }
    }

    @Test
    void checkpointLeavesBrokenWriteEndBroken() throws IOException {
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            pipe.closeReadEnd();
            Checkpoint.ofDescriptors(pipe.writeFd()).writeTo(image());
            assertTrue(PipeIo.isBroken(pipe.writeFd()));
        }
    }

    @Test
    void checkpointOfWriteEndAloneConsumesNothing() throws IOException {
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            Checkpoint.ofDescriptors(pipe.writeFd()).writeTo(image());
            assertArrayEquals(CONTENT, pipe.readAll());
        }
    }

    @Test
    void capacityOfWriteEndAloneIsRestored() throws IOException {
        try (TestPipe pipe = TestPipe.ofCapacity(8192);
                RestoredPipes restored = restored(pipe.writeFd())) {
            assertEquals(8192, Pipes.capacityBytes(restored.descriptor(pipe.writeFd()).number()));
        }
    }

    @Test
    void restoredReadEndWithoutWriterIsAtEnd() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeWriteEnd();
            try (RestoredPipes restored = restored(pipe.readFd())) {
                assertTrue(PipeIo.isAtEnd(restored.descriptor(pipe.readFd()).number()));
            }
        }
    }

    @Test
    void externalWriterIsRecorded() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(
                    new Image.ExternalEnds(true, false, true), outside(pipe.readFd()));
        }
    }

    @Test
    void readEndWithoutWriterHasNoExternalEnd() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeWriteEnd();
            assertEquals(new Image.ExternalEnds(true, false, false), outside(pipe.readFd()));
        }
    }

    @Test
    void externalReaderIsRecorded() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(
                    new Image.ExternalEnds(true, true, false), outside(pipe.writeFd()));
        }
    }

    @Test
    void writeEndWithoutReaderHasNoExternalEnd() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeReadEnd();
            assertEquals(new Image.ExternalEnds(true, false, false), outside(pipe.writeFd()));
        }
    }

    @Test
    void pipeWithBothEndsHasNoExternalEnd() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            Image.ExternalEnds external = outside(pipe.readFd(), pipe.writeFd());
            assertFalse(external.read() || external.write());
        }
    }

    private Image.ExternalEnds outside(int... descriptors) throws IOException {
        Checkpoint.ofDescriptors(descriptors).writeTo(image());
        return Restore.from(image()).check().pipes().values().iterator().next().external();
    }

    private RestoredPipes restored(int descriptor) throws IOException {
        Checkpoint.ofDescriptors(descriptor).writeTo(image());
        return Restore.from(image()).open();
    }

    private Path image() {
        return folder.resolve("pipes.ckpt");
    }
}
