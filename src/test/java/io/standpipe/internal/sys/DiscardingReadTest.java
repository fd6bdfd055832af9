// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.pipe.Pipes.WOULD_BLOCK;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(DescriptorLeakCheck.class)
class DiscardingReadTest {

    private static final int MIB = 1 << 20;

    private final DiscardingRead reader = new DiscardingRead();

    @Test
    void readOfALargePipeTakesAllAtOnce() throws Exception {
        try (TestPipe pipe = holdingOneMib()) {
            assertEquals(MIB, reader.read(pipe.readFd(), MIB));
            assertEquals(0, Pipes.queuedBytes(pipe.readFd()));
        }
    }

    @Test
    void readTakesNoMoreThanAskedFor() throws Exception {
        try (TestPipe pipe = TestPipe.holding("onetwo")) {
            assertEquals(3, reader.read(pipe.readFd(), 3));
            assertEquals("two", pipe.readText());
        }
    }

    @Test
    void readThatEndsWithinAPageLeavesTheRest() throws Exception {
        try (TestPipe pipe = holdingOneMib()) {
            assertEquals(MIB - 1, reader.read(pipe.readFd(), MIB - 1));
            assertEquals(1, Pipes.queuedBytes(pipe.readFd()));
        }
    }

    /** One page each is enough up to 4 MiB, where 1,024 parts, all that one call takes, are used up. */
    @ParameterizedTest
    @ValueSource(longs = {4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 8 * MIB + 1, 100 * MIB})
    void readOfMoreThanIsQueuedIsShort(long askedBytes) throws Exception {
        try (TestPipe pipe = holdingOneMib()) {
            assertEquals(MIB, reader.read(pipe.readFd(), askedBytes));
        }
    }

    @Test
    void smallReadAfterALargeOneTakesNoMoreThanAskedFor() throws Exception {
        try (TestPipe pipe = holdingOneMib()) {
            reader.read(pipe.readFd(), 8 * MIB + 1);
            pipe.write("onetwo".getBytes());
            assertEquals(3, reader.read(pipe.readFd(), 3));
            assertEquals("two", pipe.readText());
        }
    }

    @Test
    void readEndsAtTheEndOfAPacket() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.oDirect());
            pipe.write("first".getBytes());
            pipe.write("second".getBytes());
            assertEquals(5, reader.read(pipe.readFd(), 11), "first");
            assertEquals(6, reader.read(pipe.readFd(), 11), "second");
        }
    }

    @Test
    void readOfAPacketsLengthConsumesThePacket() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.oDirect());
            pipe.write("first".getBytes());
            pipe.write("second".getBytes());
            assertEquals(5, reader.read(pipe.readFd(), 5));
            assertEquals("second", pipe.readText());
        }
    }

    @Test
    void readAtTheEndReturnsZero() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeWriteEnd();
            assertEquals(0, reader.read(pipe.readFd(), 3));
        }
    }

    @Test
    void readOfAnEmptyPipeWouldBlock() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setStatusFlags(pipe.readFd(), Flags.O_NONBLOCK);
            assertEquals(WOULD_BLOCK, reader.read(pipe.readFd(), 3));
        }
    }

    @Test
    void readOfAWriteEndFails() throws Exception {
        try (TestPipe pipe = TestPipe.holding("abc")) {
            assertFails(
                    Errno.EBADF,
                    "readv(fd=" + pipe.writeFd() + ", length=3): EBADF (Bad file descriptor)",
                    () -> reader.read(pipe.writeFd(), 3));
        }
    }

    @Test
    void readOfABadFdFails() {
        assertFails(Errno.EBADF, "readv(fd=-1, length=1048576): EBADF (Bad file descriptor)",
                () -> reader.read(-1, MIB));
    }

    private static TestPipe holdingOneMib() throws ErrnoException {
        TestPipe pipe = TestPipe.ofCapacity(MIB);
        pipe.write(RandomBytes.of(MIB));
        return pipe;
    }
}
