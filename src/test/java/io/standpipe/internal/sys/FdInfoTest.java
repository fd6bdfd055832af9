// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.pipe.Errno;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is read of fdinfo is what its text says. */
@ExtendWith(DescriptorLeakCheck.class)
class FdInfoTest {

    private static final int OWN_PID = (int) ProcessHandle.current().pid();

    @Test
    void flagsAndInodeAreThoseOfTheFile() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.O_NONBLOCK | Flags.oDirect());
            FdInfo info = FdInfo.of(OWN_PID, pipe.writeFd());
            assertEquals(Integer.parseInt(shown(pipe.writeFd(), "flags:"), 8), info.flags());
            String inode = shown(pipe.writeFd(), "ino:");
            assertEquals(inode == null ? 0 : Long.parseLong(inode), info.inode());
        }
    }

    @Test
    void flagsIncludeCloseOnExec() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setCloseOnExec(pipe.readFd(), true);
            int closing = FdInfo.of(OWN_PID, pipe.readFd()).flags();
            FdCalls.setCloseOnExec(pipe.readFd(), false);
            int open = FdInfo.of(OWN_PID, pipe.readFd()).flags();
            assertEquals(Flags.O_CLOEXEC, closing ^ open);
        }
    }

    @Test
    void infoOfABadFdFails() throws Exception {
        assertFails(Errno.ENOENT, "openat(\"/proc/" + OWN_PID + "/fdinfo/99999\"): ENOENT (No such file or directory)", () -> FdInfo.of(OWN_PID, 99999));
    }

    private static String shown(int fd, String name) throws Exception {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd));
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse(null);
    }
}
