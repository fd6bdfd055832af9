// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.Stat;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Which streams and channels have a descriptor below them that may be used in their place. */
@ExtendWith(DescriptorLeakCheck.class)
class DescriptorBelowTest {

    @TempDir
    Path directory;

    private static void assertFound(DescriptorBelow below) throws Exception {
        assertNotNull(below);
        try (below) {
            assertTrue(below.isOpen());
            assertNotNull(Stat.ofOpen(below.fd()));
        }
    }

    @Test
    void outputsThatHandOnBytesAsTheyAre() throws Exception {
        Path file = directory.resolve("file");
        Pipe pipe = Pipe.open();
        try (OutputStream plain = new FileOutputStream(file.toFile());
                OutputStream nio = Files.newOutputStream(file);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                SocketChannel socketChannel = SocketChannel.open(server.getLocalSocketAddress());
                Pipe.SinkChannel sink = pipe.sink();
                Pipe.SourceChannel source = pipe.source()) {
            for (Object output : new Object[] {
                plain, nio, channel, new BufferedOutputStream(plain), new PrintStream(new BufferedOutputStream(nio)),
                Channels.newOutputStream(channel), socket.getOutputStream(), socketChannel, sink, Channels.newOutputStream(sink)
            }) {
                assertFound(DescriptorBelow.ofOutput(output));
            }
            assertTrue(source.isOpen());
        }
    }

    @Test
    void inputsThatHandOnBytesAsTheyAre() throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[100]);
        Pipe pipe = Pipe.open();
        try (InputStream plain = new FileInputStream(file.toFile());
                InputStream nio = Files.newInputStream(file);
                FileChannel channel = FileChannel.open(file);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                SocketChannel socketChannel = SocketChannel.open(server.getLocalSocketAddress());
                Pipe.SinkChannel sink = pipe.sink();
                Pipe.SourceChannel source = pipe.source()) {
            BufferedInputStream buffered = new BufferedInputStream(plain);
            assertEquals(0, buffered.read());
            for (Object input : new Object[] {
                plain, nio, channel, buffered, Channels.newInputStream(channel), socket.getInputStream(), socketChannel, source,
                Channels.newInputStream(source)
            }) {
                assertFound(DescriptorBelow.ofInput(input));
            }
            try (DescriptorBelow below = DescriptorBelow.ofInput(buffered)) {
                assertNotNull(below);
                assertEquals(99, below.bufferedInputBytes());
            }
            assertTrue(sink.isOpen());
        }
    }

    @Test
    void streamsOfProcesses() throws Exception {
        Process cat = new ProcessBuilder("cat").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (OutputStream out = cat.getOutputStream(); InputStream in = cat.getInputStream()) {
            assertFound(DescriptorBelow.ofOutput(out));
            assertFound(DescriptorBelow.ofInput(in));
        } finally {
            cat.destroyForcibly().waitFor();
        }
    }

    /** They change, count, or time bytes, or are of a class that may do so. */
    @Test
    void streamsThatDoMoreHaveNone() throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[100]);
        try (OutputStream plain = new FileOutputStream(file.toFile());
                InputStream in = new FileInputStream(file.toFile());
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.setSoTimeout(1_000);
            for (Object output : new Object[] {
                new ByteArrayOutputStream(), new GZIPOutputStream(plain), new DataOutputStream(plain), new FilterOutputStream(plain) {},
                new BufferedOutputStream(plain) {}, new PrintStream(new ByteArrayOutputStream()), OutputStream.nullOutputStream()
            }) {
                assertNull(DescriptorBelow.ofOutput(output), output.getClass().getName());
            }
            for (Object input : new Object[] {
                new ByteArrayInputStream(new byte[1]), new PushbackInputStream(in), new BufferedInputStream(in) {}, socket.getInputStream()
            }) {
                assertNull(DescriptorBelow.ofInput(input), input.getClass().getName());
            }
        }
    }

    @Test
    void closedObjectIsSeenThroughTheDuplicate() throws Exception {
        OutputStream plain = new FileOutputStream(directory.resolve("file").toFile());
        try (DescriptorBelow below = DescriptorBelow.ofOutput(plain)) {
            assertNotNull(below);
            assertTrue(below.isOpen());
            plain.close();
            assertFalse(below.isOpen());
            assertNotNull(Stat.ofOpen(below.fd()));
        }
    }
}
