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

/** In the temporary folder: the folder "root" with a "file", and another "file" beside it. */
@ExtendWith(DescriptorLeakCheck.class)
class OpenInRootTest {

    @TempDir
    Path folder;

    private Path root;
    private Path file;

    @BeforeEach
    void makeTheFolders() throws Exception {
        Files.writeString(folder.resolve("file"), "outside");
        root = Files.createDirectory(folder.resolve("root"));
        file = Files.writeString(root.resolve("file"), "inside");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "/file", "../file", "/../../file"})
    void aPathBeginsAtTheRootAndStaysBelow(String path) throws Exception {
        assertOpensTheFile(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/file", "../file", "../../file"})
    void aLinkStaysInside(String target) throws Exception {
        Files.createSymbolicLink(root.resolve("link"), Path.of(target));
        assertOpensTheFile("/link");
    }

    @Test
    void theFileIsCloseOnExec() throws Exception {
        try (Fd opened = open("/file", Flags.O_RDONLY)) {
            assertTrue(FdCalls.isCloseOnExec(opened.number()));
        }
    }

    @Test
    void whatIsOutsideIsNotThere() throws Exception {
        Files.createSymbolicLink(root.resolve("link"), folder.resolve("file"));
        assertFails(
                Errno.ENOENT,
                told(5, 0) + "ENOENT (No such file or directory)",
                () -> open("/link", Flags.O_RDONLY));
    }

    @Test
    void aLinkAsTheLastStepIsRefusedWhereNoneIsToBeFollowed() throws Exception {
        Files.createSymbolicLink(root.resolve("link"), Path.of("/file"));
        assertFails(
                Errno.ELOOP,
                told(5, Flags.oNoFollow()) + "ELOOP (Too many levels of symbolic links)",
                () -> open("/link", Flags.O_RDONLY | Flags.oNoFollow()));
    }

    @Test
    void aLinkOfTheKernelsOwnIsNotFollowed() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                Fd handle = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/proc/self/fd", Flags.O_RDONLY, 0)) {
            byte[] name = Integer.toString(pipe.readFd()).getBytes(US_ASCII);
            assertFails(
                    Errno.ELOOP,
                    told(name.length, 0) + "ELOOP (Too many levels of symbolic links)",
                    () -> PathCalls.openInRoot(handle.number(), name, Flags.O_RDONLY));
        }
    }

    @Test
    void aNumberThatIsNotOpenIsNoRoot() {
        assertFails(
                Errno.EBADF,
                told(5, 0) + "EBADF (Bad file descriptor)",
                () -> PathCalls.openInRoot(-1, "/file".getBytes(US_ASCII), Flags.O_RDONLY));
    }

    @Test
    void aPathWithANulIsRefused() {
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

    private static String told(int pathBytes, int flags) {
        return "openat2(path of " + pathBytes + " bytes, flags=0" + Integer.toOctalString(flags) + ", resolve=0x12): ";
    }
}
