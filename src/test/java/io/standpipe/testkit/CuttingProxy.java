// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP proxy on the loopback interface that can break or stall a connection after so many bytes. */
public final class CuttingProxy implements AutoCloseable {

    private static final int BUFFER_BYTES = 65_536;

    /** What becomes of a connection once that many bytes have passed in a direction. */
    private record Cut(boolean fromServer, long afterBytes, boolean stalls) {}

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Cut> cuts = new ArrayList<>();
    private final int target;

    public CuttingProxy(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    public String endpoint() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** Breaks connections when the server has answered more than so many bytes on one: as many connections as it says. */
    public synchronized void cutAnswers(long afterBytes, int connections) {
        for (int i = 0; i < connections; i++) {
            cuts.add(new Cut(true, afterBytes, false));
        }
    }

    /** Breaks connections when the client has sent more than so many bytes on one: as many connections as it says. */
    public synchronized void cutRequests(long afterBytes, int connections) {
        for (int i = 0; i < connections; i++) {
            cuts.add(new Cut(false, afterBytes, false));
        }
    }

    /** Passes nothing on, in either direction, on the next connection that has had so many bytes of answers. */
    public synchronized void stallAnswers(long afterBytes) {
        cuts.add(new Cut(true, afterBytes, true));
    }

    /** Returns how many of what was asked for has not happened. */
    public synchronized int left() {
        return cuts.size();
    }

    private synchronized Cut due(boolean fromServer, long bytes) {
        for (Cut cut : cuts) {
            if (cut.fromServer == fromServer && bytes > cut.afterBytes) {
                cuts.remove(cut);
                return cut;
            }
        }
        return null;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                daemon(() -> pass(client, server, false));
                daemon(() -> pass(server, client, true));
            } catch (IOException e) {
                // Closed, or a target that is not there: the client's connection is closed with the proxy.
            }
        }
    }

    private void pass(Socket from, Socket to, boolean fromServer) {
        byte[] buffer = new byte[BUFFER_BYTES];
        long passed = 0;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                Cut cut = due(fromServer, passed + read);
                if (cut != null && cut.stalls) {
                    return;
                }
                if (cut != null) {
                    out.write(buffer, 0, (int) Math.max(0, Math.min(read, cut.afterBytes - passed)));
                    out.flush();
                    break;
                }
                out.write(buffer, 0, read);
                passed += read;
            }
        } catch (IOException e) {
            // The other direction has closed them.
        }
        close(from);
        close(to);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        sockets.forEach(CuttingProxy::close);
    }
}
