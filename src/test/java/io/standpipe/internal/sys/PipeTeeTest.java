// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;
import static io.standpipe.pipe.Pipes.WOULD_BLOCK;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class PipeTeeTest {

    private static final int FULL_BYTES = 65536;
    private static final int SMALL_BYTES = 4096;
    private static final byte[] NOISE = RandomBytes.of(FULL_BYTES);

    @Test
    void teeTellsHowManyBytesItCloned() throws Exception {
        try (TestPipe source = TestPipe.holding(NOISE);
                TestPipe clone = TestPipe.open()) {
            assertEquals(FULL_BYTES, Pipes.tee(source.readFd(), clone.writeFd(), FULL_BYTES, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void afterTeeBothPipesHoldTheBytes() throws Exception {
        try (TestPipe source = TestPipe.holding(NOISE);
                TestPipe clone = TestPipe.open()) {
            Pipes.tee(source.readFd(), clone.writeFd(), FULL_BYTES, SPLICE_F_NONBLOCK);
            assertArrayEquals(NOISE, source.readAll(), "source");
            assertArrayEquals(NOISE, clone.readAll(), "clone");
        }
    }

    @Test
    void teeClonesNoMoreThanAsked() throws Exception {
        try (TestPipe source = TestPipe.holding("onetwo");
                TestPipe clone = TestPipe.open()) {
            Pipes.tee(source.readFd(), clone.writeFd(), 3, SPLICE_F_NONBLOCK);
            assertEquals("one", clone.readText(), "clone");
            assertEquals("onetwo", source.readText(), "source");
        }
    }

    @Test
    void teeIntoACloneWithTooLittleRoomIsShort() throws Exception {
        try (TestPipe source = TestPipe.holding(NOISE);
                TestPipe clone = TestPipe.open()) {
            Pipes.setCapacityBytes(clone.writeFd(), SMALL_BYTES);
            assertEquals(SMALL_BYTES, Pipes.tee(source.readFd(), clone.writeFd(), FULL_BYTES, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void afterAShortTeeTheCloneHoldsTheBeginningAndTheSourceAll() throws Exception {
        try (TestPipe source = TestPipe.holding(NOISE);
                TestPipe clone = TestPipe.open()) {
            Pipes.setCapacityBytes(clone.writeFd(), SMALL_BYTES);
            Pipes.tee(source.readFd(), clone.writeFd(), FULL_BYTES, SPLICE_F_NONBLOCK);
            assertArrayEquals(Arrays.copyOf(NOISE, SMALL_BYTES), clone.readAll(), "clone");
            assertArrayEquals(NOISE, source.readAll(), "source");
        }
    }

    @Test
    void teeIntoAFullPipeWouldBlock() throws Exception {
        try (TestPipe source = TestPipe.holding("more");
                TestPipe full = TestPipe.holding(NOISE)) {
            assertEquals(WOULD_BLOCK, Pipes.tee(source.readFd(), full.writeFd(), 4, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teeOutOfAnEmptyPipeWouldBlock() throws Exception {
        try (TestPipe source = TestPipe.open();
                TestPipe clone = TestPipe.open()) {
            assertEquals(WOULD_BLOCK, Pipes.tee(source.readFd(), clone.writeFd(), 4, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teeOutOfAnEmptyPipeWithoutWriterIsAtTheEnd() throws Exception {
        try (TestPipe source = TestPipe.open();
                TestPipe clone = TestPipe.open()) {
            source.closeWriteEnd();
            assertEquals(0, Pipes.tee(source.readFd(), clone.writeFd(), 4, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teeIntoAPipeWithoutReaderIsRefused() throws Exception {
        try (TestPipe source = TestPipe.holding("x");
                TestPipe clone = TestPipe.open()) {
            clone.closeReadEnd();
            assertFails(
                    Errno.EPIPE,
                    "tee(fdIn=" + source.readFd() + ", fdOut=" + clone.writeFd() + ", length=1): EPIPE (Broken pipe)",
                    () -> Pipes.tee(source.readFd(), clone.writeFd(), 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teeOfANumberThatIsNotOpenIsRefused() {
        assertFails(Errno.EBADF, "tee(fdIn=-1, fdOut=-1, length=65536): EBADF (Bad file descriptor)",
                () -> Pipes.tee(-1, -1, 65536, SPLICE_F_NONBLOCK));
    }

    @Test
    void teeIntoWhatIsNoPipeIsRefused() throws Exception {
        try (TestPipe source = TestPipe.holding("x");
                Fd device = FileCalls.open(FileCalls.CURRENT_FOLDER, "/dev/null", Flags.O_WRONLY, 0)) {
            assertFails(
                    Errno.EINVAL,
                    "tee(fdIn=" + source.readFd() + ", fdOut=" + device.number()
                            + ", length=1): EINVAL (Invalid argument)",
                    () -> Pipes.tee(source.readFd(), device.number(), 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void teeOfAPipeIntoItselfIsRefused() throws Exception {
        try (TestPipe pipe = TestPipe.holding("x")) {
            assertFails(
                    Errno.EINVAL,
                    "tee(fdIn=" + pipe.readFd() + ", fdOut=" + pipe.writeFd()
                            + ", length=1): EINVAL (Invalid argument)",
                    () -> Pipes.tee(pipe.readFd(), pipe.writeFd(), 1, SPLICE_F_NONBLOCK));
        }
    }
}
