// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.SeedImage;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is at a FIFO's path and is none is left alone, whether or not missing FIFOs are to be made. */
@ExtendWith(DescriptorLeakCheck.class)
class NoFifoTest {

    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void choosePath() {
        path = folder.resolve("f");
    }

    @Test
    void regularFileIsRefusedAndKeepsItsContent() throws IOException {
        Files.write(path, CONTENT);
        assertRefused(path, "a regular file");
        assertArrayEquals(CONTENT, Files.readAllBytes(path));
    }

    @Test
    void directoryIsRefused() throws IOException {
        Files.createDirectory(path);
        assertRefused(path, "a directory");
    }

    @Test
    void socketIsRefused() throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(path));
            assertRefused(path, "a socket");
        }
    }

    @Test
    void deviceIsRefused() throws IOException {
        assertRefused(Path.of("/dev/null"), "a character device");
    }

    @Test
    void danglingLinkIsRefusedAndStays() throws IOException {
        Files.createSymbolicLink(path, folder.resolve("nowhere"));
        assertRefused(path, "a symbolic link");
        assertTrue(Files.isSymbolicLink(path));
        assertEquals(1, folder.toFile().list((parent, name) -> !name.endsWith(".ckpt")).length);
    }

    private void assertRefused(Path there, String type) throws IOException {
        Path image = Files.write(folder.resolve("f.ckpt"), SeedImage.oneFifo(7, there.toString(), CONTENT));
        Restore restore = Restore.from(image).fifosBelow(there.getParent());
        String expected = "FIFO " + there + ": " + type + " is there, expected a FIFO";
        assertEquals(expected, assertThrows(StandpipeException.class, restore::open).getMessage());
        assertEquals(
                expected, assertThrows(StandpipeException.class, restore.creatingFifos()::open).getMessage());
    }
}
