// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.ByteArrayOutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class ReadLinkTest {

    private static final byte[] NO_TEXT = {'a', (byte) 0xff, '\n', (byte) 0xc3};

    @TempDir
    Path temporary;

    @Test
    void readLinkReturnsTheTarget() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), Path.of("not/there"));
        assertArrayEquals("not/there".getBytes(US_ASCII), PathCalls.readLink(link.toString()));
    }

    @Test
    void readLinkReturnsALongTarget() throws Exception {
        String target = "0123456789".repeat(100);
        Path link = Files.createSymbolicLink(temporary.resolve("link"), Path.of(target));
        assertEquals(target, new String(PathCalls.readLink(link.toString()), US_ASCII));
    }

    @Test
    void readLinkReturnsATargetThatIsNoText() throws Exception {
        Path link = temporary.resolve("link");
        try (Fd handle = openDirectory()) {
            PathCalls.makeFifo(handle.number(), NO_TEXT, 0600);
        }
        // A path that was listed has its bytes still; one made of a string could not have them.
        try (DirectoryStream<Path> listed = Files.newDirectoryStream(temporary)) {
            Files.createSymbolicLink(link, listed.iterator().next().getFileName());
        }
        assertArrayEquals(NO_TEXT, PathCalls.readLink(link.toString()));
    }

    @Test
    void readLinkReturnsThePathOfAnOpenFifo() throws Exception {
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        path.write(PathCalls.bytes(temporary.toRealPath() + "/"));
        path.write(NO_TEXT);
        try (Fd handle = openDirectory()) {
            PathCalls.makeFifo(handle.number(), NO_TEXT, 0600);
            try (Fd fifo = PathCalls.openBeneath(handle.number(), NO_TEXT, Flags.O_PATH)) {
                assertArrayEquals(path.toByteArray(), PathCalls.readLink("/proc/self/fd/" + fifo.number()));
            }
        }
    }

    @Test
    void readLinkOfAFileFails() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "no link");
        assertFails(
                Errno.EINVAL,
                "readlinkat(\"" + file + "\"): EINVAL (Invalid argument)",
                () -> PathCalls.readLink(file.toString()));
    }

    @Test
    void readLinkOfAMissingFileFails() {
        Path absent = temporary.resolve("absent");
        assertFails(
                Errno.ENOENT,
                "readlinkat(\"" + absent + "\"): ENOENT (No such file or directory)",
                () -> PathCalls.readLink(absent.toString()));
    }

    @Test
    void readLinkOfAPathWithANulThrows() {
        assertThrows(IllegalArgumentException.class, () -> PathCalls.readLink("li\0nk"));
    }

    @Test
    void bytesAreInTheEncodingOfFileNames() {
        assertArrayEquals("/\u00e4".getBytes(NativeMemory.FILE_NAMES), PathCalls.bytes("/\u00e4"));
    }

    @Test
    void bytesEndWithoutANul() {
        assertArrayEquals(new byte[] {'/', 'a'}, PathCalls.bytes("/a"));
    }

    private Fd openDirectory() throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, temporary.toString(), Flags.O_RDONLY, 0);
    }
}
