// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs diagnostic commands in other JVMs, with the JDK's own tool. */
public final class Jcmd {

    private static final String SECONDS = "30";

    private Jcmd() {}

    /** Returns what the command prints; throws an AssertionError if the JVM does not carry it out within 30 seconds. */
    public static String run(long pid, String command) throws IOException, InterruptedException {
        ChildRun run = ChildRun.of(List.of(
                "timeout", "-s", "KILL", SECONDS, Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", Long.toString(pid), command));
        if (run.exitStatus() != 0) {
            throw new AssertionError(run.toString());
        }
        return run.output();
    }

    /**
     * Returns what a command prints in a JVM of this host that was attached to before: as the JDK's tool asks for it, without another
     * JVM for each question.
     */
    private static String ask(long pid, String command) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of("/tmp/.java_pid" + pid))) {
            socket.write(ByteBuffer.wrap(("1\0jcmd\0" + command + "\0\0\0").getBytes(StandardCharsets.US_ASCII)));
            socket.configureBlocking(false);
            ByteBuffer part = ByteBuffer.allocate(1 << 16);
            Await.until("the JVM has answered to " + command, () -> {
                int length = socket.read(part);
                answer.write(part.array(), 0, part.position());
                part.clear();
                return length < 0;
            });
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /**
     * Returns how many class loaders the JVM has after a collection, those aside that the JDK makes for each method that is called
     * often by reflection.
     */
    public static long classLoaders(long pid) throws IOException {
        ask(pid, "GC.run");
        return ask(pid, "VM.classloader_stats").lines()
                .filter(line -> line.startsWith("0x") && !line.contains("DelegatingClassLoader"))
                .count();
    }
}
