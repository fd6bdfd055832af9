// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An exec that fails leaves every fd and the signal mask as they were. */
@ExtendWith(DescriptorLeakCheck.class)
class ExecFailureTest {

    private static final int F_SETFD = 2;
    private static final String NO_PROGRAM = "/nonexistent/program";
    private static final long BLOCK_USR1 = 0x200;
    private static final long BLOCK_TERM = 0x4000;

    private TestPipe first;
    private TestPipe second;
    private int freeNumber;

    @BeforeEach
    void openPipes() throws IOException {
        first = TestPipe.open();
        second = TestPipe.open();
        try (Fd free = FdCalls.duplicateFrom(first.readFd(), 300)) {
            freeNumber = free.number();
        }
        // Loads the classes on the way, so that no jar is opened between two looks at the descriptors.
        assertThrows(ErrnoException.class, () -> become(NO_PROGRAM, Map.of(second.readFd(), first.readFd())));
        assertFalse(descriptors().isEmpty());
    }

    @AfterEach
    void closePipes() {
        first.close();
        second.close();
    }

    @Test
    void missingProgramIsRefused() {
        assertFails(
                Errno.ENOENT,
                "execve(\"/nonexistent/program\"): ENOENT (No such file or directory)",
                () -> become(NO_PROGRAM, Map.of()));
    }

    @Test
    void directoryAsProgramIsRefused() {
        assertFails(Errno.EACCES, "execve(\"/proc\"): EACCES (Permission denied)", () -> become("/proc", Map.of()));
    }

    @Test
    void crossedFdsAreRestoredAfterFailure() throws Exception {
        assertUndone(NO_PROGRAM, Map.of(first.readFd(), second.readFd(), second.readFd(), first.readFd()));
    }

    @Test
    void rotatedFdsAreRestoredAfterFailure() throws Exception {
        assertUndone(
                NO_PROGRAM,
                Map.of(
                        first.readFd(), first.writeFd(),
                        first.writeFd(), second.readFd(),
                        second.readFd(), first.readFd()));
    }

    @Test
    void freeFdIsFreeAfterFailure() throws Exception {
        assertUndone(NO_PROGRAM, Map.of(freeNumber, first.readFd(), second.readFd(), first.readFd()));
    }

    @Test
    void unmovedFdIsRestoredAfterFailure() throws Exception {
        assertUndone(NO_PROGRAM, Map.of(first.readFd(), first.readFd()));
    }

    @Test
    void replacedFdKeepsItsCloseOnExecFlagAfterFailure() throws Exception {
        Native.sp_fcntl(second.readFd(), F_SETFD, 0);
        assertUndone(NO_PROGRAM, Map.of(second.readFd(), first.readFd()));
    }

    @Test
    void movesBeforeRefusedMoveAreUndone() throws Exception {
        assertUndone("/bin/true", Map.of(second.readFd(), first.readFd(), freeNumber, -1));
    }

    @Test
    void duplicatesBeforeRefusedOneAreClosed() throws Exception {
        assertUndone("/bin/true", Map.of(first.readFd(), second.readFd(), second.readFd(), freeNumber, freeNumber, 0));
    }

    @Test
    void duplicatesBeforeRefusedArgumentAreClosed() throws Exception {
        Map<Integer, String> before = descriptors();
        assertThrows(
                IllegalArgumentException.class,
                () -> Exec.become("/bin/true", List.of("a\0b"), Map.of(second.readFd(), first.readFd()), Set.of(), 0, CommandSettings.NONE));
        assertEquals(before, descriptors());
    }

    @Test
    void signalMaskIsRestoredAfterFailure() throws Exception {
        String before = signalMask();
        assertThrows(
                ErrnoException.class, () -> Exec.become(NO_PROGRAM, List.of("program"), Map.of(), Set.of(), BLOCK_TERM, CommandSettings.NONE));
        assertEquals(before, signalMask());
    }

    private void assertUndone(String program, Map<Integer, Integer> moves) throws IOException {
        Map<Integer, String> before = descriptors();
        assertThrows(ErrnoException.class, () -> become(program, moves));
        assertEquals(before, descriptors());
    }

    private static void become(String program, Map<Integer, Integer> moves) throws ErrnoException {
        Exec.become(program, List.of("program"), moves, Set.of(0, 1, 2), BLOCK_USR1, CommandSettings.NONE);
    }

    /** Every descriptor of this process: what it refers to, and whether an exec closes it. */
    private static Map<Integer, String> descriptors() throws IOException {
        Map<Integer, String> found = new TreeMap<>();
        for (String name : new File("/proc/self/fd").list()) {
            try {
                String link = Files.readSymbolicLink(Path.of("/proc/self/fd", name)).toString();
                if (!isTheJvmsForAMoment(link)) {
                    int number = Integer.parseInt(name);
                    found.put(number, link + (FdCalls.isCloseOnExec(number) ? ", close-on-exec" : ""));
                }
            } catch (NoSuchFileException e) {
                // It was that of the listing.
            }
        }
        return found;
    }

    /** A thread of the JVM reads now and then what its control group allows and uses. */
    private static boolean isTheJvmsForAMoment(String link) {
        return link.startsWith("/sys/") || link.startsWith("/proc/");
    }

    private static String signalMask() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("SigBlk:"))
                .findFirst()
                .orElseThrow();
    }
}
