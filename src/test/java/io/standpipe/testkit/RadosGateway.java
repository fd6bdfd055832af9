// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real S3 store, Ceph's radosgw with all it needs, in memory; {@code close} ends it. Its user has the keys test and test-secret. */
public final class RadosGateway implements AutoCloseable {

    public static final String ACCESS_KEY = "test";
    public static final String SECRET_KEY = "test-secret";

    private static final Path SCRIPT = Path.of("toolchain/radosgw.sh");

    private final Process process;
    private final Path directory;
    private final int port;

    private RadosGateway(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /** Starts the store; skips the test where it is not installed. */
    public static RadosGateway start() throws IOException {
        for (String program : List.of("radosgw", "radosgw-admin", "ceph", "ceph-mon", "ceph-osd", "monmaptool")) {
            Host.assumeTool(program);
        }
        Path directory = Files.createTempDirectory("standpipe-radosgw");
        int port = freePort();
        Process process = new ProcessBuilder(
                        SCRIPT.toString(), directory.resolve("store").toString(), Integer.toString(port), Integer.toString(freePort()))
                .redirectOutput(directory.resolve("out").toFile())
                .redirectErrorStream(true)
                .start();
        RadosGateway gateway = new RadosGateway(process, directory, port);
        try {
            Await.until("radosgw is ready", () -> !process.isAlive() || gateway.said().endsWith("ready\n"));
            if (!process.isAlive()) {
                throw new AssertionError("radosgw has ended: " + gateway.said());
            }
            return gateway;
        } catch (AssertionError e) {
            gateway.close();
            throw e;
        }
    }

    private String said() throws IOException {
        return Files.readString(directory.resolve("out"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        Await.until("radosgw has ended", () -> !process.isAlive());
        Files.delete(directory.resolve("out"));
        Files.delete(directory);
    }
}
