// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In the temporary directory: a file "outside", and the directory "base" that all paths begin in, with "sub/file". */
@ExtendWith(DescriptorLeakCheck.class)
class OpenBeneathTest {

    private static final int S_IFLNK = 0120000;

    @TempDir
    Path temporary;

    private Path base;
    private Path file;

    @BeforeEach
    void makeTheDirectories() throws Exception {
        Files.writeString(temporary.resolve("outside"), "outside");
        base = Files.createDirectory(temporary.resolve("base"));
        file = Files.writeString(Files.createDirectory(base.resolve("sub")).resolve("file"), "inside");
    }

    @Test
    void fileBelowIsOpened() throws Exception {
        assertOpens(file, "sub/file");
    }

    @Test
    void pathThatGoesBackAndStaysBelowIsFollowed() throws Exception {
        assertOpens(file, "sub/../sub/file");
    }

    @Test
    void linkThatStaysBelowIsFollowed() throws Exception {
        Files.createSymbolicLink(base.resolve("link"), Path.of("sub/file"));
        assertOpens(file, "link");
    }

    @Test
    void flagsApplyToTheFile() throws Exception {
        try (Fd opened = open("sub/file", Flags.O_RDWR | Flags.O_APPEND)) {
            int flags = FdCalls.statusFlags(opened.number());
            assertEquals(Flags.O_RDWR | Flags.O_APPEND, flags & (Flags.O_ACCMODE | Flags.O_APPEND));
        }
    }

    @Test
    void openedFileIsCloseOnExec() throws Exception {
        try (Fd opened = open("sub/file", Flags.O_RDONLY)) {
            assertTrue(FdCalls.isCloseOnExec(opened.number()));
        }
    }

    @Test
    void fileWhereADirectoryIsAskedForFails() throws Exception {
        try (Fd opened = open("sub", Flags.O_PATH | Flags.oDirectory())) {
            assertEquals(Files.getAttribute(base.resolve("sub"), "unix:ino"), Stat.of(opened.number()).ino());
        }
        assertFails(
                20,
                message(8, Flags.O_PATH | Flags.oDirectory()) + "ENOTDIR (Not a directory)",
                () -> open("sub/file", Flags.O_PATH | Flags.oDirectory()));
    }

    @Test
    void nameThatIsNoTextIsFound() throws Exception {
        byte[] name = {'a', (byte) 0xff, '\n'};
        try (Fd handle = openBase()) {
            PathCalls.makeFifo(handle.number(), name, 0600);
            try (Fd opened = PathCalls.openBeneath(handle.number(), name, Flags.O_PATH)) {
                assertTrue(Stat.of(opened.number()).isFifo());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "sub/../../outside", "..", "/", "../base/sub/file"})
    void pathThatLeadsOutFails(String path) {
        assertFails(
                Errno.EXDEV,
                message(path.length(), 0) + "EXDEV (Invalid cross-device link)",
                () -> open(path, Flags.O_RDONLY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "sub/../../outside", "/absent"})
    void linkThatLeadsOutFails(String target) throws Exception {
        Files.createSymbolicLink(base.resolve("link"), Path.of(target));
        assertFails(
                Errno.EXDEV, message(4, 0) + "EXDEV (Invalid cross-device link)", () -> open("link", Flags.O_RDONLY));
    }

    @Test
    void linkOnTheWayThatLeadsOutFails() throws Exception {
        Files.createSymbolicLink(base.resolve("up"), Path.of(".."));
        assertFails(
                Errno.EXDEV,
                message(10, 0) + "EXDEV (Invalid cross-device link)",
                () -> open("up/outside", Flags.O_RDONLY));
    }

    @Test
    void linkAsTheLastStepFailsWithNoFollow() throws Exception {
        Files.createSymbolicLink(base.resolve("link"), Path.of("sub/file"));
        assertFails(
                Errno.ELOOP,
                message(4, Flags.oNoFollow()) + "ELOOP (Too many levels of symbolic links)",
                () -> open("link", Flags.O_RDONLY | Flags.oNoFollow()));
    }

    @Test
    void linkAsTheLastStepIsOpenedItselfWithOPath() throws Exception {
        Files.createSymbolicLink(base.resolve("link"), Path.of("../outside"));
        try (Fd opened = open("link", Flags.O_PATH | Flags.oNoFollow())) {
            assertEquals(S_IFLNK, Stat.of(opened.number()).mode() & Flags.S_IFMT);
        }
    }

    @Test
    void magicLinkFails() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd handle = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/proc/self/fd", Flags.O_RDONLY, 0)) {
            byte[] name = Integer.toString(pipe.readFd()).getBytes(US_ASCII);
            assertFails(
                    Errno.ELOOP,
                    message(name.length, 0) + "ELOOP (Too many levels of symbolic links)",
                    () -> PathCalls.openBeneath(handle.number(), name, Flags.O_RDONLY));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent", "absent/file", ""})
    void missingFileFails(String path) {
        assertFails(
                Errno.ENOENT,
                message(path.length(), 0) + "ENOENT (No such file or directory)",
                () -> open(path, Flags.O_RDONLY));
    }

    @Test
    void badFdFails() {
        assertFails(
                Errno.EBADF,
                message(4, 0) + "EBADF (Bad file descriptor)",
                () -> PathCalls.openBeneath(-1, "file".getBytes(US_ASCII), Flags.O_RDONLY));
    }

    @Test
    void pathWithANulThrows() {
        assertThrows(IllegalArgumentException.class, () -> open("sub/file\0", Flags.O_RDONLY));
    }

    private void assertOpens(Path expected, String path) throws Exception {
        try (Fd opened = open(path, Flags.O_RDONLY)) {
            assertEquals(Files.getAttribute(expected, "unix:ino"), Stat.of(opened.number()).ino());
        }
    }

    private Fd open(String path, int flags) throws ErrnoException {
        try (Fd handle = openBase()) {
            return PathCalls.openBeneath(handle.number(), path.getBytes(US_ASCII), flags);
        }
    }

    private Fd openBase() throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, base.toString(), Flags.O_PATH, 0);
    }

    private static String message(int pathBytes, int flags) {
        return "openat2(path of " + pathBytes + " bytes, flags=0" + Integer.toOctalString(flags) + ", resolve=0xa): ";
    }
}
