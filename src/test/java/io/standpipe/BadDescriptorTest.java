// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be saved is refused in one line that names it. */
@ExtendWith(DescriptorLeakCheck.class)
class BadDescriptorTest {

    private static final long OWN_PID = ProcessHandle.current().pid();
    private static final int NOT_OPEN = 9_999;

    @TempDir
    Path folder;

    @Test
    void anUnknownProcessIsNamed() {
        assertRefused("process 2147483647: there is no such process", Checkpoint.ofProcess(Integer.MAX_VALUE));
    }

    @Test
    void anUnknownProcessIsNamedWhereDescriptorsAreChosen() {
        assertRefused("process 2147483647: there is no such process", Checkpoint.ofProcess(Integer.MAX_VALUE, 0));
    }

    @Test
    void aClosedDescriptorIsNamed() {
        assertRefused(
                "descriptor 9999 of process " + OWN_PID + ": it is not open", Checkpoint.ofDescriptors(NOT_OPEN));
    }

    @Test
    void aClosedDescriptorOfAnotherProcessIsNamed() throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            assertRefused(
                    "descriptor 9999 of process " + process.pid() + ": it is not open",
                    Checkpoint.ofProcess(process.pid(), 0, NOT_OPEN));
        }
    }

    @Test
    void descriptorOfNoPipeIsNamed() throws IOException {
        try (Fd file = open(Files.createFile(folder.resolve("file")), Flags.O_RDONLY)) {
            assertRefused(
                    "descriptor " + file.number() + " of process " + OWN_PID
                            + ": not a pipe, but the regular file " + folder.resolve("file"),
                    Checkpoint.ofDescriptors(file.number()));
        }
    }

    @Test
    void descriptorOfNoPipeInAnotherProcessIsNamed() throws IOException {
        try (TestProcess process = TestProcess.shell("exec 5</dev/null; exec sleep 1000").awaitBecome("sleep")) {
            assertRefused(
                    "descriptor 5 of process " + process.pid()
                            + ": not a pipe, but the character device /dev/null",
                    Checkpoint.ofProcess(process.pid(), 0, 5));
        }
    }

    @Test
    void descriptorOpenedWithOPathIsRefused() throws Exception {
        try (Fd fifo = open(fifo(), Flags.O_PATH)) {
            assertRefused(
                    "descriptor " + fifo.number() + " of process " + OWN_PID
                            + ": opened with O_PATH, it names a FIFO and is no end of it; leave it out",
                    Checkpoint.ofDescriptors(fifo.number()));
        }
    }

    @Test
    void pipeNamedBesideBadDescriptorIsReleased() throws IOException {
        try (TestPipe pipe = TestPipe.open()) {
            assertRefused(
                    "descriptor 9999 of process " + OWN_PID + ": it is not open",
                    Checkpoint.ofDescriptors(pipe.writeFd(), NOT_OPEN));
        }
    }

    private Path fifo() throws IOException, InterruptedException {
        Path fifo = folder.resolve("fifo");
        Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start();
        assertEquals(0, mkfifo.waitFor());
        return fifo;
    }

    private static Fd open(Path path, int flags) throws IOException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), flags, 0);
    }

    private void assertRefused(String message, Checkpoint checkpoint) {
        StandpipeException e = assertThrows(
                StandpipeException.class, () -> checkpoint.writeTo(folder.resolve("pipes.ckpt")));
        assertFalse(e instanceof UnavailableException, e::toString);
        assertEquals(message, e.getMessage());
    }
}
