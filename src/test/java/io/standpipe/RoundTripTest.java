// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;
import static io.standpipe.pipe.Pipes.WOULD_BLOCK;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.Sysctl;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(DescriptorLeakCheck.class)
class RoundTripTest {

    private static final int PAGE = 4096;
    private static final int DEFAULT_CAPACITY = 65_536;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 4095, 4096, 4097, 61_540, 65_535, 65_536})
    void bytesOfDefaultPipeAreRestored(int length) throws IOException {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(length))) {
            assertComesBack(pipe, RandomBytes.of(length));
        }
    }

    @ParameterizedTest
    @MethodSource("capacitiesAndLengths")
    void bytesOfResizedPipeAreRestored(int capacity, int length) throws IOException {
        try (TestPipe pipe = TestPipe.ofCapacity(capacity)) {
            pipe.write(RandomBytes.of(length));
            assertComesBack(pipe, RandomBytes.of(length));
        }
    }

    static Stream<Arguments> capacitiesAndLengths() throws IOException {
        return capacities().boxed().flatMap(capacity ->
                IntStream.of(0, capacity / 2, capacity).mapToObj(length -> Arguments.of(capacity, length)));
    }

    private void assertComesBack(TestPipe pipe, byte[] content) throws IOException {
        try (RestoredPipes restored = restored(pipe)) {
            int r = restored.descriptor(pipe.readFd()).number();
            assertEquals(content.length, Pipes.queuedBytes(r));
            assertArrayEquals(content, PipeIo.readAll(r));
        }
    }

    @ParameterizedTest
    @MethodSource("capacities")
    void capacityIsRestored(int capacity) throws IOException {
        try (TestPipe pipe = TestPipe.ofCapacity(capacity);
                RestoredPipes restored = restored(pipe)) {
            assertEquals(capacity, Pipes.capacityBytes(restored.descriptor(pipe.readFd()).number()));
        }
    }

    @ParameterizedTest
    @MethodSource("capacities")
    void fullPipeIsRestoredFull(int capacity) throws IOException {
        try (TestPipe pipe = TestPipe.ofCapacity(capacity)) {
            pipe.write(RandomBytes.of(capacity));
            try (RestoredPipes restored = restored(pipe)) {
                int w = restored.descriptor(pipe.writeFd()).number();
                assertEquals(WOULD_BLOCK, PipeIo.tryWrite(w, new byte[1]));
            }
        }
    }

    static IntStream capacities() throws IOException {
        int most = (int) Sysctl.number(Sysctl.PIPE_MAX_SIZE);
        return IntStream.iterate(PAGE, capacity -> capacity <= most, capacity -> 2 * capacity);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 61_540, 65_536})
    void sourceKeepsItsBytes(int length) throws IOException {
        byte[] content = RandomBytes.of(length);
        try (TestPipe pipe = TestPipe.holding(content)) {
            Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(image());
            assertArrayEquals(content, pipe.readAll());
        }
    }

    @Test
    void readingRestoredPipeTakesNothingFromSource() throws IOException {
        byte[] content = RandomBytes.of(5000);
        try (TestPipe pipe = TestPipe.holding(content);
                RestoredPipes restored = restored(pipe)) {
            PipeIo.readAll(restored.descriptor(pipe.readFd()).number());
            assertArrayEquals(content, pipe.readAll());
        }
    }

    @Test
    void imageIsRestoredTwice() throws IOException {
        byte[] content = RandomBytes.of(5000);
        try (TestPipe pipe = TestPipe.holding(content);
                RestoredPipes first = restored(pipe)) {
            PipeIo.readAll(first.descriptor(pipe.readFd()).number());
            try (RestoredPipes second = Restore.from(image()).open()) {
                assertArrayEquals(content, PipeIo.readAll(second.descriptor(pipe.readFd()).number()));
            }
        }
    }

    @Test
    void restoredLastSlotTakesTheRestOfItsPage() throws IOException {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(61_540));
                RestoredPipes restored = restored(pipe)) {
            byte[] rest = new byte[DEFAULT_CAPACITY - 61_540];
            assertEquals(3996, PipeIo.tryWrite(restored.descriptor(pipe.writeFd()).number(), rest));
        }
    }

    @Test
    void writeAfterRestoreIsBehindRestoredBytes() throws IOException {
        try (TestPipe pipe = TestPipe.holding(new byte[] {1, 2, 3});
                RestoredPipes restored = restored(pipe)) {
            PipeIo.write(restored.descriptor(pipe.writeFd()).number(), new byte[] {4, 5});
            byte[] read = PipeIo.readAll(restored.descriptor(pipe.readFd()).number());
            assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, read);
        }
    }

    @Test
    void restoredPipeIsSeparateFromSource() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                RestoredPipes restored = restored(pipe)) {
            PipeIo.write(restored.descriptor(pipe.writeFd()).number(), new byte[5]);
            assertEquals(0, Pipes.queuedBytes(pipe.readFd()));
        }
    }

    @Test
    void readEndWithoutSavedWriterReachesEnd() throws IOException {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(5000))) {
            Checkpoint.ofDescriptors(pipe.readFd()).writeTo(image());
            try (RestoredPipes restored = Restore.from(image()).open()) {
                int r = restored.descriptor(pipe.readFd()).number();
                PipeIo.readAll(r);
                assertTrue(PipeIo.isAtEnd(r));
            }
        }
    }

    @Test
    void openRestoredWriteEndKeepsPipeFromEnd() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                RestoredPipes restored = restored(pipe)) {
            assertFalse(PipeIo.isAtEnd(restored.descriptor(pipe.readFd()).number()));
        }
    }

    @Test
    void closedRestoredWriteEndEndsPipe() throws IOException {
        try (TestPipe pipe = TestPipe.open();
                RestoredPipes restored = restored(pipe)) {
            restored.descriptor(pipe.writeFd()).close();
            assertTrue(PipeIo.isAtEnd(restored.descriptor(pipe.readFd()).number()));
        }
    }

    @Test
    void twoPipesKeepTheirBytesAndEnds() throws IOException {
        try (TestPipe one = TestPipe.holding(new byte[] {1});
                TestPipe two = TestPipe.holding(new byte[] {2, 2})) {
            Checkpoint.ofDescriptors(one.readFd(), two.writeFd(), two.readFd(), one.writeFd()).writeTo(image());
            try (RestoredPipes restored = Restore.from(image()).open()) {
                PipeIo.write(restored.descriptor(one.writeFd()).number(), new byte[] {11});
                PipeIo.write(restored.descriptor(two.writeFd()).number(), new byte[] {22});
                assertArrayEquals(new byte[] {1, 11}, PipeIo.readAll(restored.descriptor(one.readFd()).number()));
                assertArrayEquals(new byte[] {2, 2, 22}, PipeIo.readAll(restored.descriptor(two.readFd()).number()));
            }
        }
    }

    @Test
    void largePipeBetweenSmallOnesIsNotTruncated() throws IOException {
        try (TestPipe small = TestPipe.holding(RandomBytes.of(100));
                TestPipe large = TestPipe.ofCapacity(1 << 18);
                TestPipe last = TestPipe.holding(RandomBytes.of(200))) {
            large.write(RandomBytes.of(1 << 18));
            Checkpoint.ofDescriptors(small.readFd(), large.readFd(), last.readFd()).writeTo(image());
            try (RestoredPipes restored = Restore.from(image()).open()) {
                assertArrayEquals(RandomBytes.of(100), PipeIo.readAll(restored.descriptor(small.readFd()).number()));
                assertArrayEquals(RandomBytes.of(1 << 18), PipeIo.readAll(restored.descriptor(large.readFd()).number()));
                assertArrayEquals(RandomBytes.of(200), PipeIo.readAll(restored.descriptor(last.readFd()).number()));
            }
        }
    }

    @Test
    void partlyReadPipeKeepsWhatIsLeft() throws IOException {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(65_536))) {
            TestPipe taken = TestPipe.open();
            try (taken) {
                Pipes.splice(pipe.readFd(), taken.writeFd(), 100, SPLICE_F_NONBLOCK);
            }
            Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(image());
            byte[] left = pipe.readAll();
            try (RestoredPipes restored = Restore.from(image()).open()) {
                assertArrayEquals(left, PipeIo.readAll(restored.descriptor(pipe.readFd()).number()));
            }
        }
    }

    @Test
    void reportCountsWhatWasSaved() throws IOException {
        try (TestPipe one = TestPipe.holding(RandomBytes.of(5000));
                TestPipe two = TestPipe.holding(RandomBytes.of(7))) {
            CheckpointReport report = Checkpoint.ofDescriptors(one.readFd(), one.writeFd(), two.readFd()).writeTo(image());
            long pid = ProcessHandle.current().pid();
            assertEquals(
                    new CheckpointReport(
                            List.of(pid), 3, 2, 5007, image().toFile().length(), 0, Duration.ZERO, report.writing(),
                            List.of(), List.of()),
                    report);
        }
    }

    private RestoredPipes restored(TestPipe pipe) throws IOException {
        Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(image());
        return Restore.from(image()).open();
    }

    private Path image() {
        return folder.resolve("pipes.ckpt");
    }
}
