// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Images that go through descriptors instead of files. */
@ExtendWith(DescriptorLeakCheck.class)
class StreamTest {

    private static final byte[] SOME = RandomBytes.of(60_000);

    @TempDir
    Path folder;

    @Test
    void imageSentThroughPipeIsRestored() throws IOException {
        for (int capacityBytes : new int[] {4096, 65_536}) {
            try (TestPipe saved = TestPipe.holding(SOME); TestPipe way = TestPipe.ofCapacity(capacityBytes)) {
                CompletableFuture<CheckpointReport> sent = send(saved, way);
                try (RestoredPipes restored = Restore.fromStream(way.readFd()).open()) {
                    assertArrayEquals(SOME, PipeIo.readAll(restored.descriptor(saved.readFd()).number()));
                }
                assertEquals(SOME.length, sent.join().payloadBytes());
                assertTrue(PipeIo.isAtEnd(way.readFd()));
                assertArrayEquals(SOME, saved.readAll());
            }
        }
    }

    @Test
    void sentImageEqualsWrittenImage() throws IOException {
        try (TestPipe saved = TestPipe.holding(SOME);
                Snapshot snapshot = Checkpoint.ofDescriptors(saved.readFd()).snapshot()) {
            Path file = folder.resolve("file");
            Path sent = folder.resolve("sent");
            snapshot.writeTo(file);
            for (int flags : new int[] {0, Flags.O_APPEND}) {
                Files.deleteIfExists(sent);
                try (Fd out = FileCalls.open(
                        FileCalls.CURRENT_DIRECTORY, sent.toString(), Flags.O_WRONLY | Flags.O_CREAT | flags, 0600)) {
                    snapshot.streamTo(out.number());
                }
                byte[] expected = Files.readAllBytes(file);
                byte[] found = Files.readAllBytes(sent);
                assertEquals(expected.length, found.length);
                try (RestoredPipes restored = Restore.from(sent).open()) {
                    assertArrayEquals(SOME, PipeIo.readAll(restored.descriptor(saved.readFd()).number()));
                }
            }
        }
    }

    @Test
    void twoImagesInOneStreamAreReadOneByOne() throws IOException {
        try (TestPipe one = TestPipe.holding(new byte[] {1});
                TestPipe two = TestPipe.holding(new byte[] {2});
                TestPipe way = TestPipe.open()) {
            Checkpoint.ofDescriptors(one.readFd()).streamTo(way.writeFd());
            Checkpoint.ofDescriptors(two.readFd()).streamTo(way.writeFd());
            way.closeWriteEnd();
            for (TestPipe pipe : new TestPipe[] {one, two}) {
                try (RestoredPipes restored = Restore.fromStream(way.readFd()).open()) {
                    assertArrayEquals(pipe.readAll(), PipeIo.readAll(restored.descriptor(pipe.readFd()).number()));
                }
            }
            assertTrue(PipeIo.isAtEnd(way.readFd()));
        }
    }

    @Test
    void truncatedStreamIsRefused() throws IOException {
        byte[] image = image();
        for (int length : new int[] {0, 1, 7, 8, 71, 72, 100, 5000, image.length - 1}) {
            try (TestPipe way = TestPipe.ofCapacity(1 << 20)) {
                way.write(Arrays.copyOf(image, length));
                way.closeWriteEnd();
                Restore restore = Restore.fromStream(way.readFd());
                ImageRefusedException e = assertThrows(ImageRefusedException.class, restore::open);
                assertTrue(e.getMessage().contains("the stream ended at offset " + length + ", expected "), e.getMessage());
            }
        }
    }

    @Test
    void streamOfNoImageIsRefusedAtOnce() throws IOException {
        try (TestPipe way = TestPipe.holding("yyyyyyyyyyyyyyyy".getBytes(StandardCharsets.US_ASCII))) {
            ImageRefusedException e =
                    assertThrows(ImageRefusedException.class, Restore.fromStream(way.readFd())::check);
            assertEquals("image from descriptor " + way.readFd() + ": not an image: it does not begin with a HEADER",
                    e.getMessage());
        }
    }

    @Test
    void fileIsReadFromItsPosition() throws IOException {
        Path file = Files.write(folder.resolve("image"), image());
        try (Fd in = FileCalls.open(FileCalls.CURRENT_DIRECTORY, file.toString(), Flags.O_RDONLY, 0)) {
            assertEquals(1, Restore.fromStream(in.number()).check().pipes().size());
        }
    }

    @Test
    void closedReaderIsReportedAndNothingIsConsumed() throws IOException {
        try (TestPipe saved = TestPipe.holding(SOME); TestPipe way = TestPipe.open()) {
            way.closeReadEnd();
            StandpipeException e = assertThrows(
                    StandpipeException.class, () -> Checkpoint.ofDescriptors(saved.readFd()).streamTo(way.writeFd()));
            assertEquals("the reader of descriptor " + way.writeFd() + " has gone away", e.getMessage());
            assertEquals(SOME.length, Pipes.queuedBytes(saved.readFd()));
        }
    }

    private byte[] image() throws IOException {
        Path image = folder.resolve("whole");
        try (TestPipe pipe = TestPipe.holding(SOME)) {
            Checkpoint.ofDescriptors(pipe.readFd()).writeTo(image);
        }
        return Files.readAllBytes(image);
    }

    private static CompletableFuture<CheckpointReport> send(TestPipe saved, TestPipe way) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                CheckpointReport report = Checkpoint.ofDescriptors(saved.readFd()).streamTo(way.writeFd());
                way.closeWriteEnd();
                return report;
            } catch (StandpipeException e) {
                throw new CompletionException(e);
            }
        });
    }
}
