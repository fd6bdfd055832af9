// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class QueuedBytesTest {

    private static final int ENOTTY = 25;

    @Test
    void queuedBytesAreTheSameAtBothEnds() throws Exception {
        try (TestPipe pipe = TestPipe.holding("12345")) {
            assertEquals(5, Pipes.queuedBytes(pipe.readFd()), "read end");
            assertEquals(5, Pipes.queuedBytes(pipe.writeFd()), "write end");
        }
    }

    @Test
    void queuedBytesOfAnEmptyPipeAreZero() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(0, Pipes.queuedBytes(pipe.readFd()));
        }
    }

    @Test
    void queuedBytesOfABadFdFails() {
        assertFails(Errno.EBADF, "ioctl(fd=-1, FIONREAD): EBADF (Bad file descriptor)", () -> Pipes.queuedBytes(-1));
    }

    @Test
    void queuedBytesOfWhatHasNoQueueFails() throws Exception {
        try (Fd device = DevNull.open()) {
            assertFails(
                    ENOTTY,
                    "ioctl(fd=" + device.number() + ", FIONREAD): ENOTTY (Inappropriate ioctl for device)",
                    () -> Pipes.queuedBytes(device.number()));
        }
    }
}
