// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(DescriptorLeakCheck.class)
class FdSinkTest {

    private static final byte[] CONTENT = RandomBytes.of(60_000);

    @TempDir
    Path folder;

    @Test
    void spliceToPipeMovesAllBytes() throws Exception {
        try (TestPipe source = TestPipe.holding(CONTENT);
                TestPipe target = TestPipe.open()) {
            splice(source, target.writeFd());
            assertArrayEquals(CONTENT, target.readAll());
        }
    }

    @Test
    void spliceMovesNoMoreThanWanted() throws Exception {
        try (TestPipe source = TestPipe.holding(CONTENT);
                TestPipe target = TestPipe.open();
                FdSink sink = new FdSink(target.writeFd())) {
            sink.splice(source.readFd(), 5000);
            assertArrayEquals(Arrays.copyOf(CONTENT, 5000), target.readAll());
            assertArrayEquals(Arrays.copyOfRange(CONTENT, 5000, CONTENT.length), source.readAll());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void spliceWaitsForRoomInTheOutput(boolean nonBlocking) throws Exception {
        try (TestPipe source = TestPipe.holding(CONTENT);
                TestPipe target = TestPipe.ofCapacity(4096)) {
            if (nonBlocking) {
                PipeIo.setNonBlocking(target.writeFd());
            }
            CompletableFuture<byte[]> read = reading(target, CONTENT.length);
            splice(source, target.writeFd());
            assertArrayEquals(CONTENT, read.join());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writeWaitsForRoomInTheOutput(boolean nonBlocking) throws Exception {
        NativeMemory memory = PipeIo.memoryOf(CONTENT);
        try (TestPipe target = TestPipe.ofCapacity(4096);
                FdSink sink = new FdSink(target.writeFd())) {
            if (nonBlocking) {
                PipeIo.setNonBlocking(target.writeFd());
            }
            CompletableFuture<byte[]> read = reading(target, CONTENT.length - 10);
            sink.write(memory, 10, CONTENT.length - 10);
            assertArrayEquals(Arrays.copyOfRange(CONTENT, 10, CONTENT.length), read.join());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Flags.O_APPEND})
    void spliceToFileAppends(int flags) throws Exception {
        Path path = folder.resolve("file");
        try (Fd file = FileCalls.open(
                        FileCalls.CURRENT_DIRECTORY, path.toString(), Flags.O_WRONLY | Flags.O_CREAT | flags, 0600);
                TestPipe first = TestPipe.holding(CONTENT);
                TestPipe second = TestPipe.holding(CONTENT)) {
            splice(first, file.number());
            splice(second, file.number());
        }
        byte[] twice = Arrays.copyOf(CONTENT, 2 * CONTENT.length);
        System.arraycopy(CONTENT, 0, twice, CONTENT.length, CONTENT.length);
        assertArrayEquals(twice, Files.readAllBytes(path));
    }

    @Test
    void copyingKeepsAllBytesOfPlainSlotsAndPackets() throws Exception {
        byte[] packet = RandomBytes.of(4000);
        try (TestPipe source = TestPipe.holding(CONTENT);
                TestPipe target = TestPipe.ofCapacity(1 << 20);
                FdSink sink = new FdSink(target.writeFd())) {
            Pipes.setCapacityBytes(source.writeFd(), 1 << 20);
            FdCalls.setStatusFlags(source.writeFd(), Flags.oDirect());
            for (int i = 0; i < 20; i++) {
                PipeIo.write(source.writeFd(), packet);
            }
            sink.copying();
            sink.splice(source.readFd(), CONTENT.length + 20L * packet.length);
            byte[] all = target.readAll();
            assertEquals(CONTENT.length + 20 * packet.length, all.length);
            assertArrayEquals(CONTENT, Arrays.copyOf(all, CONTENT.length));
            assertArrayEquals(packet, Arrays.copyOfRange(all, all.length - packet.length, all.length));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outputWithoutReaderIsNamed(boolean copying) throws Exception {
        try (TestPipe source = TestPipe.holding(CONTENT);
                TestPipe target = TestPipe.open();
                FdSink sink = new FdSink(target.writeFd())) {
            target.closeReadEnd();
            if (copying) {
                sink.copying();
            }
            StandpipeException e = assertThrows(StandpipeException.class, () -> sink.splice(source.readFd(), 10));
            assertEquals("the reader of descriptor " + target.writeFd() + " has gone away", e.getMessage());
        }
    }

    @Test
    void deviceWithoutRoomIsNamed() throws Exception {
        try (TestPipe source = TestPipe.holding(CONTENT);
                Fd full = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/dev/full", Flags.O_WRONLY, 0)) {
            StandpipeException e = assertThrows(StandpipeException.class, () -> splice(source, full.number()));
            assertEquals("descriptor " + full.number() + ": no space is left", e.getMessage());
        }
    }

    @Test
    void outputNotOpenForWritingIsNamed() throws Exception {
        try (TestPipe source = TestPipe.holding(CONTENT);
                Fd device = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/dev/null", Flags.O_RDONLY, 0)) {
            StandpipeException e = assertThrows(StandpipeException.class, () -> splice(source, device.number()));
            assertEquals("descriptor " + device.number() + ": not open for writing", e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inputThatHoldsLessIsNamed(boolean copying) throws Exception {
        try (TestPipe source = TestPipe.holding(CONTENT);
                TestPipe target = TestPipe.open();
                FdSink sink = new FdSink(target.writeFd())) {
            if (copying) {
                sink.copying();
            }
            StandpipeException e =
                    assertThrows(StandpipeException.class, () -> sink.splice(source.readFd(), CONTENT.length + 3));
            assertTrue(e.getMessage().contains("3 bytes short"), e.getMessage());
        }
    }

    private static void splice(TestPipe source, int target) throws IOException {
        try (FdSink sink = new FdSink(target)) {
            sink.splice(source.readFd(), CONTENT.length);
        }
    }

    private static CompletableFuture<byte[]> reading(TestPipe pipe, int length) {
        return CompletableFuture.supplyAsync(() -> {
            try (InputStream in = new FileInputStream(FdCalls.toJava(FdCalls.duplicate(pipe.readFd())))) {
                byte[] bytes = new byte[length];
                for (int done = 0; done < length; ) {
                    done += in.read(bytes, done, length - done);
                }
                return bytes;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void sinkThatTakesNothingFailsOnceThePatienceEnds() throws Exception {
        try (TestPipe full = TestPipe.holding(new byte[65_536]);
                TestPipe source = TestPipe.holding("abc");
                FdSink sink = new FdSink(full.writeFd(), "descriptor", WaitLimit.NONE, Duration.ofMillis(1))) {
            StandpipeException e = assertThrows(StandpipeException.class, () -> sink.splice(source.readFd(), 3));
            assertTrue(e.getMessage().contains("nothing was read there"), e.getMessage());
            assertThrows(StandpipeException.class, () -> sink.write(PipeIo.memoryOf(new byte[3]), 0, 3));
            assertEquals(3, Pipes.queuedBytes(source.readFd()));
        }
    }
}
