// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.NEVER_OPEN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class PipeCallsTest {

    private static final int POLLNVAL = 0x020;

    @Test
    void pollOfQueuedBytesReturnsPollin() throws Exception {
        try (TestPipe pipe = TestPipe.holding("x")) {
            assertEquals(Flags.POLLIN, PipeCalls.poll(pipe.readFd(), Flags.POLLIN));
        }
    }

    @Test
    void pollOfAnEmptyPipeReturnsNothing() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(0, PipeCalls.poll(pipe.readFd(), Flags.POLLIN));
        }
    }

    @Test
    void pollOfRoomReturnsPollout() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(Flags.POLLOUT, PipeCalls.poll(pipe.writeFd(), Flags.POLLOUT));
        }
    }

    @Test
    void pollOfAReadEndWithoutWritersReturnsPollhup() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeWriteEnd();
            assertEquals(Flags.POLLHUP, PipeCalls.poll(pipe.readFd(), 0));
        }
    }

    @Test
    void pollOfAWriteEndWithoutReadersReturnsPollerr() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeReadEnd();
            assertEquals(Flags.POLLERR, PipeCalls.poll(pipe.writeFd(), 0));
        }
    }

    /** Not an error of poll itself, which with one descriptor has none that can be brought about. */
    @Test
    void pollOfABadFdReturnsPollnval() throws Exception {
        assertEquals(POLLNVAL, PipeCalls.poll(NEVER_OPEN, Flags.POLLIN));
    }
}
