// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import static io.standpipe.pipe.Pipes.capacityBytes;
import static io.standpipe.pipe.Pipes.setCapacityBytes;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(DescriptorLeakCheck.class)
class CapacityTest {

    @Test
    void capacityOfANewPipeIsSixteenPages() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(65536, capacityBytes(pipe.readFd()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576})
    void setCapacityOfAPowerOfTwoReturnsIt(int capacityBytes) throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(capacityBytes, setCapacityBytes(pipe.writeFd(), capacityBytes));
        }
    }

    @Test
    void capacitySetAtOneEndIsSeenAtTheOther() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            setCapacityBytes(pipe.writeFd(), 8192);
            assertEquals(8192, capacityBytes(pipe.readFd()));
        }
    }

    @Test
    void setCapacityRoundsUp() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(16384, setCapacityBytes(pipe.writeFd(), 8193));
        }
    }

    @Test
    void setCapacityBelowWhatIsQueuedFails() throws Exception {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(8192))) {
            assertFails(
                    Errno.EBUSY,
                    "fcntl(fd=" + pipe.readFd() + ", F_SETPIPE_SZ, 4096): EBUSY (Device or resource busy)",
                    () -> setCapacityBytes(pipe.readFd(), 4096));
        }
    }

    @Test
    void setCapacityAboveTheSystemsLimitNeedsTheCapability() throws Exception {
        // By lines: readString gets one byte of such a file, and its end with the second read.
        int limitBytes = Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/fs/pipe-max-size")).get(0));
        Host.assume(limitBytes <= 1 << 29, "fs.pipe-max-size is too high");
        int askedBytes = 2 * limitBytes;
        try (TestPipe pipe = TestPipe.open()) {
            if (Host.has(Host.Capability.SYS_RESOURCE)) {
                setCapacityBytes(pipe.readFd(), askedBytes);
                assertTrue(capacityBytes(pipe.readFd()) >= askedBytes);
            } else {
                assertFails(
                        Errno.EPERM,
                        "fcntl(fd=" + pipe.readFd() + ", F_SETPIPE_SZ, " + askedBytes
                                + "): EPERM (Operation not permitted)",
                        () -> setCapacityBytes(pipe.readFd(), askedBytes));
            }
        }
    }

    @Test
    void capacityOfWhatIsNoPipeFails() throws Exception {
        try (Fd device = DevNull.open()) {
            assertFails(
                    Errno.EBADF,
                    "fcntl(fd=" + device.number() + ", F_GETPIPE_SZ): EBADF (Bad file descriptor)",
                    () -> capacityBytes(device.number()));
        }
    }

    @Test
    void setCapacityOfWhatIsNoPipeFails() throws Exception {
        try (Fd device = DevNull.open()) {
            assertFails(
                    Errno.EBADF,
                    "fcntl(fd=" + device.number() + ", F_SETPIPE_SZ, 4096): EBADF (Bad file descriptor)",
                    () -> setCapacityBytes(device.number(), 4096));
        }
    }

    @Test
    void setCapacityBelowZeroFails() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EINVAL,
                    "fcntl(fd=" + pipe.readFd() + ", F_SETPIPE_SZ, -1): EINVAL (Invalid argument)",
                    () -> setCapacityBytes(pipe.readFd(), -1));
        }
    }
}
