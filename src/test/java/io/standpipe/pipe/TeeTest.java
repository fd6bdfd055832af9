// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;
import static io.standpipe.pipe.Pipes.WOULD_BLOCK;
import static io.standpipe.pipe.Pipes.tee;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static io.standpipe.testkit.PipeIo.setNonBlocking;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.internal.sys.BlockingCall;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class TeeTest {

    private static final int FULL_BYTES = 65536;
    private static final int SMALL_BYTES = 4096;
    private static final byte[] NOISE = RandomBytes.of(FULL_BYTES);

    @Test
    void teeReturnsTheCountAndBothPipesHoldTheBytes() throws Exception {
        try (TestPipe source = TestPipe.holding(NOISE);
                TestPipe clone = TestPipe.open()) {
            assertEquals(FULL_BYTES, tee(source.readFd(), clone.writeFd(), FULL_BYTES, SPLICE_F_NONBLOCK));
            assertArrayEquals(NOISE, source.readAll(), "source");
            assertArrayEquals(NOISE, clone.readAll(), "clone");
        }
    }

    @Test
    void teeDuplicatesNoMoreThanAskedFor() throws Exception {
        try (TestPipe source = TestPipe.holding("onetwo");
                TestPipe clone = TestPipe.open()) {
            assertEquals(3, tee(source.readFd(), clone.writeFd(), 3, SPLICE_F_NONBLOCK));
            assertEquals("one", clone.readText(), "clone");
            assertEquals("onetwo", source.readText(), "source");
        }
    }

    @Test
    void teeAgainDuplicatesTheSameBytes() throws Exception {
        try (TestPipe source = TestPipe.holding("onetwo");
                TestPipe clone = TestPipe.open()) {
            tee(source.readFd(), clone.writeFd(), 3, SPLICE_F_NONBLOCK);
            tee(source.readFd(), clone.writeFd(), 3, SPLICE_F_NONBLOCK);
            assertEquals("oneone", clone.readText());
        }
    }

    @Test
    void teeOfFewerBytesThanAskedForIsShort() throws Exception {
        try (TestPipe source = TestPipe.holding("one");
                TestPipe clone = TestPipe.open()) {
            assertEquals(3, tee(source.readFd(), clone.writeFd(), 4, 0));
        }
    }

    @Test
    void teeIntoTooLittleRoomIsShort() throws Exception {
        try (TestPipe source = TestPipe.holding(NOISE);
                TestPipe clone = TestPipe.ofCapacity(SMALL_BYTES)) {
            assertEquals(SMALL_BYTES, tee(source.readFd(), clone.writeFd(), FULL_BYTES, SPLICE_F_NONBLOCK));
            assertArrayEquals(Arrays.copyOf(NOISE, SMALL_BYTES), clone.readAll(), "clone");
            assertArrayEquals(NOISE, source.readAll(), "source");
        }
    }

    @Test
    void teeIntoAFullPipeWouldBlock() throws Exception {
        try (TestPipe source = TestPipe.holding("more");
                TestPipe full = TestPipe.holding(NOISE)) {
            assertEquals(WOULD_BLOCK, tee(source.readFd(), full.writeFd(), 4, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teeOfAnEmptyPipeWouldBlock() throws Exception {
        try (TestPipe source = TestPipe.open();
                TestPipe clone = TestPipe.open()) {
            assertEquals(WOULD_BLOCK, tee(source.readFd(), clone.writeFd(), 4, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teeWithoutFlagsWouldBlockIfAnEndIsNonBlocking() throws Exception {
        try (TestPipe source = TestPipe.open();
                TestPipe clone = TestPipe.open()) {
            setNonBlocking(clone.writeFd());
            assertEquals(WOULD_BLOCK, tee(source.readFd(), clone.writeFd(), 4, 0));
        }
    }

    @Test
    void teeWithoutFlagsWaitsForBytes() throws Exception {
        try (TestPipe source = TestPipe.open();
                TestPipe clone = TestPipe.open()) {
            int waiting = ProcessCalls.thread();
            Thread writer = new Thread(() -> writeOnceATeeWaits(waiting, source.writeFd()));
            writer.start();
            assertEquals(4, tee(source.readFd(), clone.writeFd(), 4, 0));
            writer.join();
        }
    }

    @Test
    void teeOfAnEmptyPipeWithoutWritersIsAtTheEnd() throws Exception {
        try (TestPipe source = TestPipe.open();
                TestPipe clone = TestPipe.open()) {
            source.closeWriteEnd();
            assertEquals(0, tee(source.readFd(), clone.writeFd(), 4, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teeIntoAPipeWithoutReadersFails() throws Exception {
        try (TestPipe source = TestPipe.holding("x");
                TestPipe clone = TestPipe.open()) {
            clone.closeReadEnd();
            assertFails(
                    Errno.EPIPE,
                    "tee(fdIn=" + source.readFd() + ", fdOut=" + clone.writeFd() + ", length=1): EPIPE (Broken pipe)",
                    () -> tee(source.readFd(), clone.writeFd(), 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teeOfABadFdFails() {
        assertFails(
                Errno.EBADF,
                "tee(fdIn=-1, fdOut=-1, length=65536): EBADF (Bad file descriptor)",
                () -> tee(-1, -1, 65536, SPLICE_F_NONBLOCK));
    }

    @Test
    void teeOfAWriteEndFails() throws Exception {
        try (TestPipe source = TestPipe.holding("x");
                TestPipe clone = TestPipe.open()) {
            assertFails(
                    Errno.EBADF,
                    "tee(fdIn=" + source.writeFd() + ", fdOut=" + clone.writeFd()
                            + ", length=1): EBADF (Bad file descriptor)",
                    () -> tee(source.writeFd(), clone.writeFd(), 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teeIntoWhatIsNoPipeFails() throws Exception {
        try (TestPipe source = TestPipe.holding("x");
                Fd device = DevNull.open()) {
            assertFails(
                    Errno.EINVAL,
                    "tee(fdIn=" + source.readFd() + ", fdOut=" + device.number() + ", length=1): EINVAL (Invalid argument)",
                    () -> tee(source.readFd(), device.number(), 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teeOfAPipeIntoItselfFails() throws Exception {
        try (TestPipe pipe = TestPipe.holding("x")) {
            assertFails(
                    Errno.EINVAL,
                    "tee(fdIn=" + pipe.readFd() + ", fdOut=" + pipe.writeFd() + ", length=1): EINVAL (Invalid argument)",
                    () -> tee(pipe.readFd(), pipe.writeFd(), 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teePassesItsFlagsToTheKernel() throws Exception {
        try (TestPipe source = TestPipe.holding("x");
                TestPipe clone = TestPipe.open()) {
            assertFails(
                    Errno.EINVAL,
                    "tee(fdIn=" + source.readFd() + ", fdOut=" + clone.writeFd() + ", length=1): EINVAL (Invalid argument)",
                    () -> tee(source.readFd(), clone.writeFd(), 1, 1 << 30));
        }
    }

    private static void writeOnceATeeWaits(int thread, int writeFd) {
        Await.until("the tee waits", () -> isInTee(thread));
        try {
            Pipes.write(writeFd, ByteBuffer.allocateDirect(4));
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isInTee(int thread) throws IOException {
        String call = Files.readString(Path.of("/proc/self/task/" + thread + "/syscall")).split(" ")[0];
        return call.matches("\\d+") && BlockingCall.of(Integer.parseInt(call)) == BlockingCall.TEE;
    }
}
