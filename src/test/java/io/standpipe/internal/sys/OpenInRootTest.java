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

/** In the temporary directory: the directory "root" with a "file", and another "file" beside it. */
@ExtendWith(DescriptorLeakCheck.class)
class OpenInRootTest {

    @TempDir
    Path temporary;

    private Path root;
    private Path file;

    @BeforeEach
    void makeTheDirectories() throws Exception {
        Files.writeString(temporary.resolve("file"), "outside");
        root = Files.createDirectory(temporary.resolve("root"));
        file = Files.writeString(root.resolve("file"), "inside");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "/file", "../file", "/../../file"})
    void pathBeginsAtTheRootAndStaysBelow(String path) throws Exception {
        assertOpensTheFile(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/file", "../file", "../../file"})
    void linkStaysInside(String target) throws Exception {
        Files.createSymbolicLink(root.resolve("link"), Path.of(target));
        assertOpensTheFile("/link");
    }

    @Test
    void openedFileIsCloseOnExec() throws Exception {
        try (Fd opened = open("/file", Flags.O_RDONLY)) {
            assertTrue(FdCalls.isCloseOnExec(opened.number()));
        }
    }

    @Test
    void fileOutsideIsMissing() throws Exception {
        Files.createSymbolicLink(root.resolve("link"), temporary.resolve("file"));
        assertFails(
                Errno.ENOENT,
                message(5, 0) + "ENOENT (No such file or directory)",
                () -> open("/link", Flags.O_RDONLY));
    }

    @Test
    void linkAsTheLastStepFailsWithNoFollow() throws Exception {
        Files.createSymbolicLink(root.resolve("link"), Path.of("/file"));
        assertFails(
                Errno.ELOOP,
                message(5, Flags.oNoFollow()) + "ELOOP (Too many levels of symbolic links)",
                () -> open("/link", Flags.O_RDONLY | Flags.oNoFollow()));
    }

    @Test
    void magicLinkFails() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd handle = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/proc/self/fd", Flags.O_RDONLY, 0)) {
            byte[] name = Integer.toString(pipe.readFd()).getBytes(US_ASCII);
            assertFails(
                    Errno.ELOOP,
                    message(name.length, 0) + "ELOOP (Too many levels of symbolic links)",
                    () -> PathCalls.openInRoot(handle.number(), name, Flags.O_RDONLY));
        }
    }

    @Test
    void badFdFails() {
        assertFails(
                Errno.EBADF,
                message(5, 0) + "EBADF (Bad file descriptor)",
                () -> PathCalls.openInRoot(-1, "/file".getBytes(US_ASCII), Flags.O_RDONLY));
    }

    @Test
    void pathWithANulThrows() {
        assertThrows(IllegalArgumentException.class, () -> open("/file\0", Flags.O_RDONLY));
    }

    private void assertOpensTheFile(String path) throws Exception {
        try (Fd opened = open(path, Flags.O_RDONLY)) {
            assertEquals(Files.getAttribute(file, "unix:ino"), Stat.of(opened.number()).ino());
        }
    }

    private Fd open(String path, int flags) throws ErrnoException {
        try (Fd handle = FileCalls.open(FileCalls.CURRENT_DIRECTORY, root.toString(), Flags.O_PATH, 0)) {
            return PathCalls.openInRoot(handle.number(), path.getBytes(US_ASCII), flags);
        }
    }

    private static String message(int pathBytes, int flags) {
        return "openat2(path of " + pathBytes + " bytes, flags=0" + Integer.toOctalString(flags) + ", resolve=0x12): ";
    }
}
