// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.NEVER_OPEN;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class ProcessCallsTest {

    /** A pid above every limit. */
    private static final int NO_SUCH_PID = Integer.MAX_VALUE;
    private static final int SELF = (int) ProcessHandle.current().pid();

    @Test
    void pidfdStandsForItsProcess() throws Exception {
        try (Child child = new Child();
                Fd pidfd = ProcessCalls.pidfdOpen(child.pid())) {
            assertTrue(Files.readAllLines(Path.of("/proc/self/fdinfo/" + pidfd.number()))
                    .contains("Pid:\t" + child.pid()));
        }
    }

    @Test
    void pidfdIsCloseOnExec() throws Exception {
        try (Fd pidfd = ProcessCalls.pidfdOpen(SELF)) {
            assertTrue(FdCalls.isCloseOnExec(pidfd.number()));
        }
    }

    @Test
    void pidfdOfAMissingProcessFails() {
        assertFails(Errno.ESRCH, "pidfd_open(pid=2147483647): ESRCH (No such process)",
                () -> ProcessCalls.pidfdOpen(NO_SUCH_PID));
    }

    @Test
    void pidfdGetFdReturnsTheSameDescription() throws Exception {
        try (Child child = new Child();
                Fd pidfd = ProcessCalls.pidfdOpen(child.pid());
                Fd taken = ProcessCalls.pidfdGetFd(pidfd.number(), 0)) {
            int flags = FdCalls.statusFlags(taken.number());
            FdCalls.setStatusFlags(taken.number(), flags ^ Flags.O_NONBLOCK);
            assertEquals(flags ^ Flags.O_NONBLOCK, FdInfo.of(child.pid(), 0).flags() & ~Flags.O_CLOEXEC);
        }
    }

    @Test
    void pidfdGetFdReturnsACloseOnExecFd() throws Exception {
        try (Child child = new Child();
                Fd pidfd = ProcessCalls.pidfdOpen(child.pid());
                Fd taken = ProcessCalls.pidfdGetFd(pidfd.number(), 0)) {
            assertTrue(FdCalls.isCloseOnExec(taken.number()));
        }
    }

    @Test
    void pidfdGetFdOfABadFdFails() throws Exception {
        try (Child child = new Child();
                Fd pidfd = ProcessCalls.pidfdOpen(child.pid())) {
            assertFails(
                    Errno.EBADF,
                    "pidfd_getfd(pidfd=" + pidfd.number() + ", targetfd=2147483647): EBADF (Bad file descriptor)",
                    () -> ProcessCalls.pidfdGetFd(pidfd.number(), NEVER_OPEN));
        }
    }

    @Test
    void pidfdGetFdThroughABadPidfdFails() {
        assertFails(Errno.EBADF, "pidfd_getfd(pidfd=-1, targetfd=0): EBADF (Bad file descriptor)",
                () -> ProcessCalls.pidfdGetFd(-1, 0));
    }

    @Test
    void descriptorLimitIsTheSoftLimit() throws Exception {
        String soft = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+")[3])
                .findFirst()
                .orElseThrow();
        assertEquals(soft, Long.toString(ProcessCalls.descriptorLimit()));
    }

    @Test
    void kernelNameIsThatOfProc() throws Exception {
        Uname name = ProcessCalls.kernelName();
        assertEquals(Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(), name.release());
        assertEquals(Files.readString(Path.of("/proc/sys/kernel/version")).strip(), name.version());
    }

    /** The typed call cannot fail: it has memory for the answer. */
    @Test
    void unameToABadAddressFails() {
        assertEquals(-Errno.EFAULT, Native.sp_uname(0));
    }

    /** The typed call cannot fail: it asks for a limit that every Linux has. */
    @Test
    void missingLimitFails() {
        assertEquals(-Errno.EINVAL, Native.sp_getrlimit(-1));
    }

    /** A process that waits to be ended, with a pipe at descriptor 0. */
    private static final class Child implements AutoCloseable {

        private final Process process = new ProcessBuilder("sleep", "1000").start();

        Child() throws IOException {}

        int pid() {
            return (int) process.pid();
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
            process.onExit().join();
        }
    }
}
