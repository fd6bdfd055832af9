// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;
import static io.standpipe.pipe.Pipes.NO_OFFSET;
import static io.standpipe.pipe.Pipes.WOULD_BLOCK;
import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class PipeSpliceTest {

    @TempDir
    Path folder;

    @Test
    void spliceMovesFromPipeToPipe() throws Exception {
        try (TestPipe source = TestPipe.holding("moved");
                TestPipe target = TestPipe.open()) {
            assertEquals(5, Pipes.splice(source.readFd(), target.writeFd(), 100, SPLICE_F_NONBLOCK));
            assertEquals("", source.readText(), "source");
            assertEquals("moved", target.readText(), "target");
        }
    }

    @Test
    void spliceWritesAtAnOffsetInAFile() throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        try (TestPipe source = TestPipe.holding("abc");
                Fd file = open(path, Flags.O_WRONLY)) {
            assertEquals(3, Pipes.splice(source.readFd(), NO_OFFSET, file.number(), 4, 3, SPLICE_F_NONBLOCK));
        }
        assertEquals("0123abc789", Files.readString(path));
    }

    @Test
    void spliceReadsAtAnOffsetInAFile() throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        try (TestPipe target = TestPipe.open();
                Fd file = open(path, Flags.O_RDONLY)) {
            Pipes.splice(file.number(), 4, target.writeFd(), NO_OFFSET, 3, SPLICE_F_NONBLOCK);
            assertEquals("456", target.readText());
        }
    }

    @Test
    void spliceWithoutOffsetsGoesOnWhereTheFileIs() throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        try (TestPipe target = TestPipe.open();
                Fd file = open(path, Flags.O_RDONLY)) {
            Pipes.splice(file.number(), target.writeFd(), 3, SPLICE_F_NONBLOCK);
            Pipes.splice(file.number(), target.writeFd(), 3, SPLICE_F_NONBLOCK);
            assertEquals("012345", target.readText());
        }
    }

    @Test
    void spliceAtTheEndOfAFileMovesNothing() throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        try (TestPipe target = TestPipe.open();
                Fd file = open(path, Flags.O_RDONLY)) {
            assertEquals(0, Pipes.splice(file.number(), 10, target.writeFd(), NO_OFFSET, 3, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void spliceOutOfAnEmptyPipeWouldBlock() throws Exception {
        try (TestPipe source = TestPipe.open();
                TestPipe target = TestPipe.open()) {
            assertEquals(
                    WOULD_BLOCK,
                    Pipes.splice(source.readFd(), target.writeFd(), 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void spliceIntoAFullPipeWouldBlock() throws Exception {
        try (TestPipe source = TestPipe.holding("more");
                TestPipe full = TestPipe.holding(RandomBytes.of(65536))) {
            assertEquals(
                    WOULD_BLOCK,
                    Pipes.splice(source.readFd(), full.writeFd(), 4, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void spliceAtAnOffsetInAPipeIsRefused() throws Exception {
        try (TestPipe source = TestPipe.holding("x");
                TestPipe target = TestPipe.open()) {
            assertFails(
                    29,
                    "splice(fdIn=" + source.readFd() + ", offsetIn=0, fdOut=" + target.writeFd()
                            + ", offsetOut=-1, length=1): ESPIPE (Illegal seek)",
                    () -> Pipes.splice(source.readFd(), 0, target.writeFd(), NO_OFFSET, 1, SPLICE_F_NONBLOCK));
        }
    }

    @Test
    void spliceOfANumberThatIsNotOpenIsRefused() {
        assertFails(
                Errno.EBADF,
                "splice(fdIn=-1, offsetIn=-1, fdOut=-1, offsetOut=-1, length=7): EBADF (Bad file descriptor)",
                () -> Pipes.splice(-1, -1, 7, SPLICE_F_NONBLOCK));
    }

    private static Fd open(Path path, int flags) throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_FOLDER, path.toString(), flags, 0);
    }
}
