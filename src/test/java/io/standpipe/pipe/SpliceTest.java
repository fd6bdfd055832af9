// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;
import static io.standpipe.pipe.Pipes.NO_OFFSET;
import static io.standpipe.pipe.Pipes.WOULD_BLOCK;
import static io.standpipe.pipe.Pipes.splice;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class SpliceTest {

    @TempDir
    Path directory;

    @Test
    void spliceMovesFromPipeToPipe() throws Exception {
        try (TestPipe source = TestPipe.holding("moved");
                TestPipe target = TestPipe.open()) {
            assertEquals(5, splice(source.readFd(), target.writeFd(), 100, SPLICE_F_NONBLOCK));
            assertEquals("", source.readText(), "source");
            assertEquals("moved", target.readText(), "target");
        }
    }

    @Test
    void spliceWritesAtAnOffsetInAFile() throws Exception {
        Path path = Files.writeString(directory.resolve("file"), "0123456789");
        try (TestPipe source = TestPipe.holding("abc");
                Fd file = open(path, Flags.O_WRONLY)) {
            assertEquals(3, splice(source.readFd(), NO_OFFSET, file.number(), 4, 3, SPLICE_F_NONBLOCK));
        }
        assertEquals("0123abc789", Files.readString(path));
    }

    @Test
    void spliceReadsAtAnOffsetInAFile() throws Exception {
        Path path = Files.writeString(directory.resolve("file"), "0123456789");
        try (TestPipe target = TestPipe.open();
                Fd file = open(path, Flags.O_RDONLY)) {
            splice(file.number(), 4, target.writeFd(), NO_OFFSET, 3, SPLICE_F_NONBLOCK);
            assertEquals("456", target.readText());
        }
    }

    @Test
    void spliceWithoutOffsetsMovesTheFilesOwnOffset() throws Exception {
        Path path = Files.writeString(directory.resolve("file"), "0123456789");
        try (TestPipe target = TestPipe.open();
                Fd file = open(path, Flags.O_RDONLY)) {
            splice(file.number(), target.writeFd(), 3, SPLICE_F_NONBLOCK);
            splice(file.number(), target.writeFd(), 3, SPLICE_F_NONBLOCK);
            assertEquals("012345", target.readText());
        }
    }

    @Test
    void spliceAtTheEndOfAFileIsAtTheEnd() throws Exception {
        Path path = Files.writeString(directory.resolve("file"), "0123456789");
        try (TestPipe target = TestPipe.open();
                Fd file = open(path, Flags.O_RDONLY)) {
            assertEquals(0, splice(file.number(), 10, target.writeFd(), NO_OFFSET, 3, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void spliceOutOfAnEmptyPipeWouldBlock() throws Exception {
        try (TestPipe source = TestPipe.open();
                TestPipe target = TestPipe.open()) {
            assertEquals(
                    WOULD_BLOCK,
                    splice(source.readFd(), target.writeFd(), 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void spliceIntoAFullPipeWouldBlock() throws Exception {
        try (TestPipe source = TestPipe.holding("more");
                TestPipe full = TestPipe.holding(RandomBytes.of(65536))) {
            assertEquals(
                    WOULD_BLOCK,
                    splice(source.readFd(), full.writeFd(), 4, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void spliceOutOfAnEmptyPipeWithoutWritersIsAtTheEnd() throws Exception {
        try (TestPipe source = TestPipe.open();
                TestPipe target = TestPipe.open()) {
            source.closeWriteEnd();
            assertEquals(0, splice(source.readFd(), target.writeFd(), 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void spliceIntoTooLittleRoomIsShort() throws Exception {
        try (TestPipe source = TestPipe.holding(RandomBytes.of(8192));
                TestPipe target = TestPipe.ofCapacity(4096)) {
            assertEquals(4096, splice(source.readFd(), target.writeFd(), 8192, SPLICE_F_NONBLOCK));
            assertEquals(4096, Pipes.queuedBytes(source.readFd()), "source");
        }
    }

    @Test
    void spliceIntoAPipeWithoutReadersFails() throws Exception {
        try (TestPipe source = TestPipe.holding("x");
                TestPipe target = TestPipe.open()) {
            target.closeReadEnd();
            assertFails(
                    Errno.EPIPE,
                    "splice(fdIn=" + source.readFd() + ", offsetIn=-1, fdOut=" + target.writeFd()
                            + ", offsetOut=-1, length=1): EPIPE (Broken pipe)",
                    () -> splice(source.readFd(), target.writeFd(), 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void spliceBetweenTwoThatAreNoPipesFails() throws Exception {
        try (Fd device = DevNull.open()) {
            int fd = device.number();
            assertFails(
                    Errno.EINVAL,
                    "splice(fdIn=" + fd + ", offsetIn=-1, fdOut=" + fd + ", offsetOut=-1, length=1): EINVAL (Invalid argument)",
                    () -> splice(fd, fd, 1, 0));
        }
    }

    @Test
    void splicePassesItsFlagsToTheKernel() throws Exception {
        try (TestPipe source = TestPipe.holding("x");
                TestPipe target = TestPipe.open()) {
            assertFails(
                    Errno.EINVAL,
                    "splice(fdIn=" + source.readFd() + ", offsetIn=-1, fdOut=" + target.writeFd()
                            + ", offsetOut=-1, length=1): EINVAL (Invalid argument)",
                    () -> splice(source.readFd(), target.writeFd(), 1, 1 << 30));
        }
    }

    @Test
    void spliceAtAnOffsetInAPipeFails() throws Exception {
        try (TestPipe source = TestPipe.holding("x");
                TestPipe target = TestPipe.open()) {
            assertFails(
                    29,
                    "splice(fdIn=" + source.readFd() + ", offsetIn=0, fdOut=" + target.writeFd()
                            + ", offsetOut=-1, length=1): ESPIPE (Illegal seek)",
                    () -> splice(source.readFd(), 0, target.writeFd(), NO_OFFSET, 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void spliceOfABadFdFails() {
        assertFails(
                Errno.EBADF,
                "splice(fdIn=-1, offsetIn=-1, fdOut=-1, offsetOut=-1, length=7): EBADF (Bad file descriptor)",
                () -> splice(-1, -1, 7, SPLICE_F_NONBLOCK));
    }

    private static Fd open(Path path, int flags) throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, path.toString(), flags, 0);
    }
}
