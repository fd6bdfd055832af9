// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Owner and mode of a pipe's inode, which fstat returns at either end. */
@ExtendWith(DescriptorLeakCheck.class)
class FdInodeTest {

    private static final int S_ISUID = 04000;

    @ParameterizedTest
    @ValueSource(ints = {0, 0640, 0777, 07777})
    void modeSetAtOneEndIsSeenAtBoth(int mode) throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setInodeMode(pipe.readFd(), mode);
            assertEquals(Flags.S_IFIFO | mode, Stat.of(pipe.readFd()).mode(), "read end");
            assertEquals(Flags.S_IFIFO | mode, Stat.of(pipe.writeFd()).mode(), "write end");
        }
    }

    @Test
    void setModeOfABadFdFails() {
        assertFails(Errno.EBADF, "fchmod(fd=-1, mode=0640): EBADF (Bad file descriptor)",
                () -> FdCalls.setInodeMode(-1, 0640));
    }

    @Test
    void setModeOfAnOPathFdFails() throws Exception {
        try (Fd named = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/dev/null", Flags.O_PATH, 0)) {
            assertFails(
                    Errno.EBADF,
                    "fchmod(fd=" + named.number() + ", mode=0600): EBADF (Bad file descriptor)",
                    () -> FdCalls.setInodeMode(named.number(), 0600));
        }
    }

    /** Giving a pipe to the user who has it shows in nothing but this bit, which a change of owner takes away. */
    @Test
    void setOwnerToTheSameClearsSetuid() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setInodeMode(pipe.readFd(), S_ISUID | 0600);
            Stat before = Stat.of(pipe.readFd());
            FdCalls.setInodeOwner(pipe.readFd(), before.uid(), before.gid());
            Stat after = Stat.of(pipe.readFd());
            assertEquals(before.uid(), after.uid(), "uid");
            assertEquals(before.gid(), after.gid(), "gid");
            assertEquals(Flags.S_IFIFO | 0600, after.mode(), "mode");
        }
    }

    @Test
    void setOwnerNeedsTheCapability() throws Exception {
        Host.assumeAllIdsAreMapped();
        try (TestPipe pipe = TestPipe.open()) {
            if (Host.has(Host.Capability.CHOWN)) {
                FdCalls.setInodeOwner(pipe.readFd(), 12345, 23456);
                Stat stat = Stat.of(pipe.writeFd());
                assertEquals(12345, stat.uid(), "uid");
                assertEquals(23456, stat.gid(), "gid");
            } else {
                int other = Stat.of(pipe.readFd()).uid() + 1;
                assertFails(
                        Errno.EPERM,
                        "fchown(fd=" + pipe.readFd() + ", uid=" + other + ", gid=4294967295):"
                                + " EPERM (Operation not permitted)",
                        () -> FdCalls.setInodeOwner(pipe.readFd(), other, -1));
            }
        }
    }

    /** Minus one is "as it is"; ids are shown without a sign. */
    @Test
    void setOwnerOfABadFdFails() {
        assertFails(Errno.EBADF, "fchown(fd=-1, uid=4294967295, gid=4294967294): EBADF (Bad file descriptor)",
                () -> FdCalls.setInodeOwner(-1, -1, -2));
    }
}
