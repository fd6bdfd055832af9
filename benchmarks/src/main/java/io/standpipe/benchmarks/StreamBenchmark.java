// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import static io.standpipe.pipe.PipeFlags.O_CLOEXEC;

import io.standpipe.Checkpoint;
import io.standpipe.CheckpointReport;
import io.standpipe.Snapshot;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.Pipes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What an image of a full pipe takes on its way into Java's streams, beside as many bytes that Java already has. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class StreamBenchmark {

    @Param({"1048576"})
    public int lengthBytes;

    private ByteArrayOutputStream heap;
    private byte[] bytes;
    private PipeEnds pipe;
    private Snapshot snapshot;
    private ServerSocket server;
    private Socket socket;
    private Thread reader;

    @Setup
    public void setUp() throws IOException {
        heap = new ByteArrayOutputStream(2 * lengthBytes);
        bytes = new byte[lengthBytes];
        pipe = Pipes.pipe2(O_CLOEXEC, lengthBytes);
        Pipes.write(pipe.writeFd(), ByteBuffer.allocateDirect(lengthBytes));
        snapshot = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).snapshot();
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        socket = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket peer = server.accept();
        reader = new Thread(() -> readAll(peer));
        reader.start();
    }

    private static void readAll(Socket peer) {
        byte[] piece = new byte[1 << 18];
        try (peer; InputStream in = peer.getInputStream()) {
            int read;
            do {
                read = in.read(piece);
            } while (read >= 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @TearDown
    public void tearDown() throws IOException, InterruptedException {
        socket.close();
        reader.join();
        server.close();
        snapshot.close();
        pipe.close();
    }

    @Benchmark
    public void imageIntoAByteArray() throws IOException {
        heap.reset();
        checkAll(snapshot.writeTo(heap));
    }

    @Benchmark
    public void imageIntoASocket() throws IOException {
        checkAll(snapshot.writeTo(socket.getOutputStream()));
    }

    @Benchmark
    public void heapIntoAByteArray() throws IOException {
        heap.reset();
        new ByteArrayInputStream(bytes).transferTo(heap);
    }

    @Benchmark
    public void heapIntoASocket() throws IOException {
        socket.getOutputStream().write(bytes);
    }

    private void checkAll(CheckpointReport report) {
        if (report.payloadBytes() != lengthBytes) {
            throw new IllegalStateException("of " + lengthBytes + " bytes the image has " + report.payloadBytes());
        }
    }
}
