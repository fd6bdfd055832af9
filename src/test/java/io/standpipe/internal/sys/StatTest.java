// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class StatTest {

    @TempDir
    Path folder;

    @Test
    void aPipesInodeIsTheOneInItsLink() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            String link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + pipe.readFd())).toString();
            assertEquals(link, "pipe:[" + Stat.of(pipe.readFd()).ino() + "]");
        }
    }

    @Test
    void aPipeIsAFifo() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertTrue(Stat.of(pipe.readFd()).isFifo());
        }
    }

    @Test
    void aPipeIsNoRegularFile() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFalse(Stat.of(pipe.readFd()).isRegular());
        }
    }

    @Test
    void everyFieldOfAFileIsWhatTheJdkSays() throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "12345");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-x--x"));
        try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), Flags.O_RDONLY, 0)) {
            Stat stat = Stat.of(file.number());
            assertEquals(Files.getAttribute(path, "unix:dev"), stat.dev(), "dev");
            assertEquals(Files.getAttribute(path, "unix:ino"), stat.ino(), "ino");
            assertEquals(Flags.S_IFREG | 0651, stat.mode(), "mode");
            assertEquals(Files.getAttribute(path, "unix:uid"), stat.uid(), "uid");
            assertEquals(Files.getAttribute(path, "unix:gid"), stat.gid(), "gid");
            assertEquals(5, stat.sizeBytes(), "size");
        }
    }

    @Test
    void aPipeHasOneLink() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(1, Stat.of(pipe.readFd()).links());
        }
    }

    @Test
    void aFileHasAsManyLinksAsNames() throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "12345");
        Files.createLink(folder.resolve("second"), path);
        Files.createLink(folder.resolve("third"), path);
        try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), Flags.O_RDONLY, 0)) {
            assertEquals(3, Stat.of(file.number()).links());
        }
    }

    @Test
    void aFileWhoseOnlyNameWasRemovedHasNoLink() throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "12345");
        try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), Flags.O_RDONLY, 0)) {
            Files.delete(path);
            assertEquals(0, Stat.of(file.number()).links());
        }
    }

    @Test
    void theStatusOfANumberThatIsNotOpenIsRefused() {
        assertFails(Errno.EBADF, "fstat(fd=-1): EBADF (Bad file descriptor)", () -> Stat.of(-1));
    }

    @Test
    void aNameIsLookedUpAndALinkIsNotFollowed() throws Exception {
        Files.createSymbolicLink(folder.resolve("link"), Files.createFile(folder.resolve("file")));
        try (Fd directory = FileCalls.open(FileCalls.CURRENT_DIRECTORY, folder.toString(), Flags.O_RDONLY, 0)) {
            assertTrue(Stat.ofName(directory.number(), "file").isRegular());
            assertTrue(Stat.ofName(directory.number(), "link").isLink());
            assertNull(Stat.ofName(directory.number(), "none"));
            assertFails(Errno.ENOTDIR, "newfstatat(\"file/x\"): ENOTDIR (Not a directory)",
                    () -> Stat.ofName(directory.number(), "file/x"));
        }
    }
}
