// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class PipeReadTest {

    @Test
    void readFillsARangeOfTheMemory() throws Exception {
        NativeMemory memory = NativeMemory.nativeOrder(5);
        try (TestPipe pipe = TestPipe.holding("abc")) {
            assertEquals(3, PipeCalls.read(pipe.readFd(), memory, 1, 3));
        }
        byte[] read = new byte[5];
        memory.buffer().get(0, read);
        assertArrayEquals(new byte[] {0, 'a', 'b', 'c', 0}, read);
    }

    @Test
    void readTakesNoMoreThanAskedFor() throws Exception {
        try (TestPipe pipe = TestPipe.holding("onetwo")) {
            assertEquals(3, PipeCalls.read(pipe.readFd(), NativeMemory.nativeOrder(6), 0, 3));
            assertEquals("two", pipe.readText());
        }
    }

    @Test
    void readOfMoreThanIsQueuedIsShort() throws Exception {
        try (TestPipe pipe = TestPipe.holding("abc")) {
            assertEquals(3, PipeCalls.read(pipe.readFd(), NativeMemory.nativeOrder(6), 0, 6));
        }
    }

    @Test
    void readAtTheEndReturnsZero() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeWriteEnd();
            assertEquals(0, PipeCalls.read(pipe.readFd(), NativeMemory.nativeOrder(3), 0, 3));
        }
    }

    @Test
    void readOfAnEmptyPipeWouldBlock() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setStatusFlags(pipe.readFd(), Flags.O_NONBLOCK);
            assertEquals(
                    Pipes.WOULD_BLOCK, PipeCalls.read(pipe.readFd(), NativeMemory.nativeOrder(3), 0, 3));
        }
    }

    @Test
    void readOfAWriteEndFails() throws Exception {
        try (TestPipe pipe = TestPipe.holding("abc")) {
            assertFails(
                    Errno.EBADF,
                    "read(fd=" + pipe.writeFd() + ", length=3): EBADF (Bad file descriptor)",
                    () -> PipeCalls.read(pipe.writeFd(), NativeMemory.nativeOrder(3), 0, 3));
        }
    }

    @Test
    void readOfABadFdFails() {
        assertFails(Errno.EBADF, "read(fd=-1, length=3): EBADF (Bad file descriptor)",
                () -> PipeCalls.read(-1, NativeMemory.nativeOrder(3), 0, 3));
    }

    @Test
    void readOutsideOfTheMemoryThrows() throws Exception {
        try (TestPipe pipe = TestPipe.holding("abc")) {
            NativeMemory memory = NativeMemory.nativeOrder(3);
            assertThrows(IndexOutOfBoundsException.class, () -> PipeCalls.read(pipe.readFd(), memory, 1, 3));
            assertEquals("abc", pipe.readText());
        }
    }
}
