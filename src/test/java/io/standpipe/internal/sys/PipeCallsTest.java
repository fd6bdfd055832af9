// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.NEVER_OPEN;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class PipeCallsTest {

    private static final int POLLNVAL = 0x020;

    @Test
    void whatIsWrittenAtOneEndIsReadAtTheOther() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.write("through".getBytes());
            assertEquals("through", pipe.readText());
        }
    }

    @Test
    void theReadEndIsOpenForReadingOnly() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(Flags.O_RDONLY, FdCalls.statusFlags(pipe.readFd()));
        }
    }

    @Test
    void theWriteEndIsOpenForWritingOnly() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(Flags.O_WRONLY, FdCalls.statusFlags(pipe.writeFd()));
        }
    }

    @Test
    void bothEndsAreCloseOnExec() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertTrue(FdCalls.isCloseOnExec(pipe.readFd()), "read end");
            assertTrue(FdCalls.isCloseOnExec(pipe.writeFd()), "write end");
        }
    }

    @Test
    void noPipeIsMadeWithFlagsThatDoNotExist() {
        assertEquals(-Errno.EINVAL, Native.sp_pipe2(1));
    }

    @Test
    void noPipeIsMadeWhenAllDescriptorsAreTaken() throws Exception {
        TestJvm.runWithDescriptors(64, PipesUntilRefused.class)
                .assertPrinted("pipe2(O_CLOEXEC): EMFILE (Too many open files)");
    }

    @Test
    void queuedBytesAreCountedAtTheReadEnd() throws Exception {
        try (TestPipe pipe = TestPipe.holding("12345")) {
            assertEquals(5, Pipes.queuedBytes(pipe.readFd()));
        }
    }

    @Test
    void queuedBytesAreCountedAtTheWriteEnd() throws Exception {
        try (TestPipe pipe = TestPipe.holding("12345")) {
            assertEquals(5, Pipes.queuedBytes(pipe.writeFd()));
        }
    }

    @Test
    void queuedBytesOfANumberThatIsNotOpenAreRefused() {
        assertFails(Errno.EBADF, "ioctl(fd=-1, FIONREAD): EBADF (Bad file descriptor)",
                () -> Pipes.queuedBytes(-1));
    }

    @Test
    void pollTellsOfBytesToRead() throws Exception {
        try (TestPipe pipe = TestPipe.holding("x")) {
            assertEquals(Flags.POLLIN, PipeCalls.poll(pipe.readFd(), Flags.POLLIN));
        }
    }

    @Test
    void pollTellsOfNothingInAnEmptyPipe() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(0, PipeCalls.poll(pipe.readFd(), Flags.POLLIN));
        }
    }

    @Test
    void pollTellsOfRoomToWrite() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(Flags.POLLOUT, PipeCalls.poll(pipe.writeFd(), Flags.POLLOUT));
        }
    }

    @Test
    void pollTellsAtTheReadEndThatNoWriterIsLeft() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeWriteEnd();
            assertEquals(Flags.POLLHUP, PipeCalls.poll(pipe.readFd(), 0));
        }
    }

    @Test
    void pollTellsAtTheWriteEndThatNoReaderIsLeft() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeReadEnd();
            assertEquals(Flags.POLLERR, PipeCalls.poll(pipe.writeFd(), 0));
        }
    }

    /** Not an error of poll itself, which with one descriptor has none that can be brought about. */
    @Test
    void pollTellsOfANumberThatIsNotOpen() throws Exception {
        assertEquals(POLLNVAL, PipeCalls.poll(NEVER_OPEN, Flags.POLLIN));
    }
}
