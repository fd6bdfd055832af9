// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.NEVER_OPEN;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No description here has O_ASYNC set: nobody gets a signal. */
@ExtendWith(DescriptorLeakCheck.class)
class SignalOwnerTest {

    private static final int PID = (int) ProcessHandle.current().pid();

    @Test
    void typesHaveTheKernelsNumbers() {
        assertEquals(0, SignalOwner.THREAD, "F_OWNER_TID");
        assertEquals(1, SignalOwner.PROCESS, "F_OWNER_PID");
        assertEquals(2, SignalOwner.GROUP, "F_OWNER_PGRP");
    }

    @Test
    void ownerOfANewPipeIsNobody() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(0, FdCalls.signalOwner(pipe.readFd()).id());
        }
    }

    @Test
    void threadBecomesTheOwner() throws Exception {
        // "PID/task/TID"
        String link = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
        assertBecomesOwner(new SignalOwner(SignalOwner.THREAD, Integer.parseInt(link)));
    }

    @Test
    void processBecomesTheOwner() throws Exception {
        assertBecomesOwner(new SignalOwner(SignalOwner.PROCESS, PID));
    }

    @Test
    void processGroupBecomesTheOwner() throws Exception {
        int group = processGroup();
        if (group == 0) { // its leader is outside of the namespace
            Host.assumeFirstPidNamespace();
        }
        assertBecomesOwner(new SignalOwner(SignalOwner.GROUP, group));
    }

    @Test
    void ownerBecomesNobodyAgain() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setSignalOwner(pipe.readFd(), new SignalOwner(SignalOwner.PROCESS, PID));
            FdCalls.setSignalOwner(pipe.readFd(), new SignalOwner(SignalOwner.PROCESS, 0));
            assertEquals(0, FdCalls.signalOwner(pipe.readFd()).id());
        }
    }

    @Test
    void ownerIsTheSameAtADuplicate() throws Exception {
        SignalOwner owner = new SignalOwner(SignalOwner.PROCESS, PID);
        try (TestPipe pipe = TestPipe.open();
                Fd copy = FdCalls.duplicate(pipe.readFd())) {
            FdCalls.setSignalOwner(copy.number(), owner);
            assertEquals(owner, FdCalls.signalOwner(pipe.readFd()));
        }
    }

    @Test
    void otherEndHasItsOwnOwner() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setSignalOwner(pipe.readFd(), new SignalOwner(SignalOwner.PROCESS, PID));
            assertEquals(0, FdCalls.signalOwner(pipe.writeFd()).id());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SignalOwner.THREAD, SignalOwner.PROCESS, SignalOwner.GROUP})
    void setOwnerToNobodyThatExistsFails(int type) throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.ESRCH,
                    "fcntl(fd=" + pipe.readFd() + ", F_SETOWN_EX, SignalOwner[type=" + type
                            + ", id=2147483647]): ESRCH (No such process)",
                    () -> FdCalls.setSignalOwner(pipe.readFd(), new SignalOwner(type, Integer.MAX_VALUE)));
        }
    }

    @Test
    void failedSetOwnerChangesNothing() throws Exception {
        SignalOwner owner = new SignalOwner(SignalOwner.PROCESS, PID);
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setSignalOwner(pipe.readFd(), owner);
            assertFails(
                    Errno.EINVAL,
                    "fcntl(fd=" + pipe.readFd() + ", F_SETOWN_EX, SignalOwner[type=3, id=0]):"
                            + " EINVAL (Invalid argument)",
                    () -> FdCalls.setSignalOwner(pipe.readFd(), new SignalOwner(3, 0)));
            assertEquals(owner, FdCalls.signalOwner(pipe.readFd()));
        }
    }

    @Test
    void ownerOfABadFdFails() {
        assertFails(Errno.EBADF, "fcntl(fd=-1, F_GETOWN_EX): EBADF (Bad file descriptor)",
                () -> FdCalls.signalOwner(-1));
    }

    @Test
    void setOwnerOfABadFdFails() {
        assertFails(
                Errno.EBADF,
                "fcntl(fd=" + NEVER_OPEN + ", F_SETOWN_EX, SignalOwner[type=1, id=0]): EBADF (Bad file descriptor)",
                () -> FdCalls.setSignalOwner(NEVER_OPEN, new SignalOwner(SignalOwner.PROCESS, 0)));
    }

    private static void assertBecomesOwner(SignalOwner owner) throws ErrnoException {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setSignalOwner(pipe.readFd(), owner);
            assertEquals(owner, FdCalls.signalOwner(pipe.readFd()));
        }
    }

    /** The third field behind the command's name, which can hold anything. */
    private static int processGroup() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[2]);
    }
}
