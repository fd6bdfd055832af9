// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(DescriptorLeakCheck.class)
class PipeCapacityTest {

    private static final int CAP_SYS_RESOURCE = 24;

    @Test
    void aNewPipeHasRoomForSixteenPages() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(65536, Pipes.capacityBytes(pipe.readFd()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576})
    void aCapacityThatIsAPowerOfTwoIsGiven(int capacityBytes) throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(capacityBytes, Pipes.setCapacityBytes(pipe.writeFd(), capacityBytes));
        }
    }

    @Test
    void aCapacityGivenAtOneEndIsSeenAtTheOther() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            Pipes.setCapacityBytes(pipe.writeFd(), 8192);
            assertEquals(8192, Pipes.capacityBytes(pipe.readFd()));
        }
    }

    @Test
    void aCapacityInBetweenIsRoundedUp() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(16384, Pipes.setCapacityBytes(pipe.writeFd(), 8193));
        }
    }

    @Test
    void aCapacityBelowWhatIsQueuedIsRefused() throws Exception {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(8192))) {
            assertFails(
                    Errno.EBUSY,
                    "fcntl(fd=" + pipe.readFd() + ", F_SETPIPE_SZ, 4096): EBUSY (Device or resource busy)",
                    () -> Pipes.setCapacityBytes(pipe.readFd(), 4096));
        }
    }

    @Test
    void aCapacityAboveTheSystemsLimitIsRefused() throws Exception {
        assumeFalse(mayExceedLimits(), "with CAP_SYS_RESOURCE no limit on pipes holds");
        // By lines: readString gets one byte of such a file, and its end with the second read.
        int limitBytes = Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/fs/pipe-max-size")).get(0));
        assumeTrue(limitBytes <= 1 << 29, "this system's limit is too high to be exceeded by an int");
        int askedBytes = 2 * limitBytes;
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.EPERM,
                    "fcntl(fd=" + pipe.readFd() + ", F_SETPIPE_SZ, " + askedBytes
                            + "): EPERM (Operation not permitted)",
                    () -> Pipes.setCapacityBytes(pipe.readFd(), askedBytes));
        }
    }

    @Test
    void theCapacityOfWhatIsNoPipeIsRefused() throws Exception {
        try (Fd device = FileCalls.open(FileCalls.CURRENT_FOLDER, "/dev/null", Flags.O_RDONLY, 0)) {
            assertFails(
                    Errno.EBADF,
                    "fcntl(fd=" + device.number() + ", F_GETPIPE_SZ): EBADF (Bad file descriptor)",
                    () -> Pipes.capacityBytes(device.number()));
        }
    }

    private static boolean mayExceedLimits() throws IOException {
        String effective = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(effective.split("\\s+")[1], 16) >> CAP_SYS_RESOURCE & 1) == 1;
    }
}
