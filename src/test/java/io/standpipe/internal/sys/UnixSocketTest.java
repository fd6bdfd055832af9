// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class UnixSocketTest {

    @TempDir
    Path directory;

    @Test
    void connectionIsKnownWithItsBytesFromBothEnds() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
                SocketChannel client = SocketChannel.open(address);
                SocketChannel accepted = server.accept()) {
            client.configureBlocking(false);
            client.write(ByteBuffer.allocate(12_345));

            UnixSocket receiver = only(UnixSocket.all(), 12_345);
            UnixSocket sender = withIno(UnixSocket.all(), receiver.peer());
            assertEquals(receiver.ino(), sender.peer());
            assertEquals(UnixSocket.CONNECTED, sender.state());
            assertEquals(UnixSocket.STREAM, sender.type());
            assertTrue(receiver.named());
            assertFalse(sender.named());
            assertFalse(sender.isFull());

            ByteBuffer bytes = ByteBuffer.allocate(100_000);
            while (client.write(bytes.clear()) > 0) {
                assertTrue(accepted.isConnected());
            }
            UnixSocket full = withIno(UnixSocket.all(), sender.ino());
            assertTrue(full.isFull() && full.isFullToPoll(), full.toString());
            assertFalse(withIno(UnixSocket.all(), receiver.ino()).isFull());
        }
    }

    @Test
    void listIsWholeHoweverLongItIs() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        List<SocketChannel> channels = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address, 512)) {
            for (int i = 0; i < 200; i++) {
                channels.add(SocketChannel.open(address));
                channels.add(server.accept());
                channels.get(2 * i).write(ByteBuffer.allocate(54_321));
            }
            assertEquals(200, UnixSocket.all().stream().filter(socket -> socket.queuedBytes() == 54_321).count());
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    private static UnixSocket only(List<UnixSocket> sockets, int queuedBytes) throws IOException {
        List<UnixSocket> found = sockets.stream().filter(socket -> socket.queuedBytes() == queuedBytes).toList();
        assertEquals(1, found.size(), found.toString());
        return found.get(0);
    }

    private static UnixSocket withIno(List<UnixSocket> sockets, long ino) {
        return sockets.stream().filter(socket -> socket.ino() == ino).findFirst().orElseThrow();
    }
}
