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
    Path temporary;

    @Test
    void inodeOfAPipeIsTheOneInItsLink() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            String link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + pipe.readFd())).toString();
            assertEquals(link, "pipe:[" + Stat.of(pipe.readFd()).ino() + "]");
        }
    }

    @Test
    void pipeIsAFifo() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertTrue(Stat.of(pipe.readFd()).isFifo());
        }
    }

    @Test
    void pipeIsNoRegularFile() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFalse(Stat.of(pipe.readFd()).isRegular());
        }
    }

    @Test
    void fieldsOfAFileAreThoseOfTheJdk() throws Exception {
        Path path = Files.writeString(temporary.resolve("file"), "12345");
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
    void pipeHasOneLink() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertEquals(1, Stat.of(pipe.readFd()).links());
        }
    }

    @Test
    void fileHasAsManyLinksAsNames() throws Exception {
        Path path = Files.writeString(temporary.resolve("file"), "12345");
        Files.createLink(temporary.resolve("second"), path);
        Files.createLink(temporary.resolve("third"), path);
        try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), Flags.O_RDONLY, 0)) {
            assertEquals(3, Stat.of(file.number()).links());
        }
    }

    @Test
    void fileWithoutANameHasNoLinks() throws Exception {
        Path path = Files.writeString(temporary.resolve("file"), "12345");
        try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), Flags.O_RDONLY, 0)) {
            Files.delete(path);
            assertEquals(0, Stat.of(file.number()).links());
        }
    }

    @Test
    void statusOfABadFdFails() {
        assertFails(Errno.EBADF, "fstat(fd=-1): EBADF (Bad file descriptor)", () -> Stat.of(-1));
    }

    @Test
    void ofNameFollowsNoLink() throws Exception {
        Files.createSymbolicLink(temporary.resolve("link"), Files.createFile(temporary.resolve("file")));
        try (Fd directory = FileCalls.open(FileCalls.CURRENT_DIRECTORY, temporary.toString(), Flags.O_RDONLY, 0)) {
            assertTrue(Stat.ofName(directory.number(), "file").isRegular());
            assertTrue(Stat.ofName(directory.number(), "link").isLink());
            assertNull(Stat.ofName(directory.number(), "none"));
            assertFails(Errno.ENOTDIR, "newfstatat(\"file/x\"): ENOTDIR (Not a directory)",
                    () -> Stat.ofName(directory.number(), "file/x"));
        }
    }
}
