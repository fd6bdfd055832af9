// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Images through Java's own streams and channels: those with a descriptor below them, and those without. */
@ExtendWith(DescriptorLeakCheck.class)
@Timeout(120)
class JavaStreamsTest {

    private static final byte[] CONTENT = RandomBytes.of(700_000);
    private static final int PLAIN_BYTES = 65_000;
    private static final byte[] AROUND = {1, 2, 3, 4, 5};

    @TempDir
    Path directory;

    private interface Sending {
        CheckpointReport send(Checkpoint checkpoint) throws Exception;
    }

    private interface Receiving {
        Restore receive() throws Exception;
    }

    /**
     * Three pipes: one with much in it, one with packets, and one with plain bytes before a packet, of which a read of 64 KiB across both
     * would lose a part.
     */
    private static final class Sample implements AutoCloseable {

        private final TestPipe large;
        private final PipeEnds packets;
        private final PipeEnds mixed;

        Sample() throws IOException {
            large = TestPipe.ofCapacity(1 << 20);
            packets = Pipes.pipe2(PipeFlags.O_CLOEXEC | PipeFlags.O_DIRECT);
            mixed = Pipes.pipe2(PipeFlags.O_CLOEXEC, 1 << 20);
            PipeIo.write(mixed.writeFd(), RandomBytes.of(PLAIN_BYTES));
            FdCalls.setStatusFlags(mixed.writeFd(), PipeFlags.O_DIRECT);
            PipeIo.write(mixed.writeFd(), RandomBytes.of(4_096));
            large.write(CONTENT);
            PipeIo.write(packets.writeFd(), new byte[] {1});
            PipeIo.write(packets.writeFd(), RandomBytes.of(4_096));
            PipeIo.write(packets.writeFd(), new byte[] {2, 3});
        }

        Checkpoint checkpoint() {
            return Checkpoint.ofDescriptors(large.readFd(), large.writeFd(), packets.readFd(), packets.writeFd(), mixed.readFd(), mixed.writeFd());
        }

        void assertRestores(Restore restore) throws IOException {
            try (RestoredPipes restored = restore.open()) {
                assertArrayEquals(CONTENT, PipeIo.readAll(restored.descriptor(large.readFd()).number()));
                int packet = restored.descriptor(packets.readFd()).number();
                assertArrayEquals(new byte[] {1}, PipeIo.readAtMost(packet, 8_192));
                assertArrayEquals(RandomBytes.of(4_096), PipeIo.readAtMost(packet, 8_192));
                assertArrayEquals(new byte[] {2, 3}, PipeIo.readAtMost(packet, 8_192));
                int both = restored.descriptor(mixed.readFd()).number();
                assertArrayEquals(RandomBytes.of(PLAIN_BYTES), PipeIo.readAtMost(both, PLAIN_BYTES));
                assertArrayEquals(RandomBytes.of(4_096), PipeIo.readAtMost(both, 8_192));
            }
        }

        @Override
        public void close() {
            large.close();
            packets.close();
            mixed.close();
        }
    }

    private static void assertCarries(Sending sending, Receiving receiving) throws Exception {
        try (Sample sample = new Sample()) {
            CheckpointReport report = sending.send(sample.checkpoint());
            assertEquals(3, report.pipes());
            sample.assertRestores(receiving.receive());
        }
    }

    /** For what holds less than an image: one thread sends, this one receives. */
    private static void assertCarriesMeanwhile(Sending sending, Receiving receiving) throws Exception {
        try (Sample sample = new Sample()) {
            FutureTask<CheckpointReport> sender = new FutureTask<>(() -> sending.send(sample.checkpoint()));
            new Thread(sender).start();
            sample.assertRestores(receiving.receive());
            assertEquals(3, sender.get(60, TimeUnit.SECONDS).pipes());
        }
    }

    @Test
    void byteArray() throws Exception {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        assertCarries(checkpoint -> checkpoint.writeTo(image), () -> Restore.from(new ByteArrayInputStream(image.toByteArray())));
    }

    @Test
    void compressed() throws Exception {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        assertCarries(checkpoint -> {
            try (GZIPOutputStream compressing = new GZIPOutputStream(image)) {
                return checkpoint.writeTo(compressing);
            }
        }, () -> Restore.from(new GZIPInputStream(new ByteArrayInputStream(image.toByteArray()))));
    }

    @Test
    void compressedIntoAFile() throws Exception {
        Path file = directory.resolve("image.gz");
        try (OutputStream out = Files.newOutputStream(file); InputStream in = Files.newInputStream(file)) {
            assertCarries(checkpoint -> {
                GZIPOutputStream compressing = new GZIPOutputStream(out);
                CheckpointReport report = checkpoint.writeTo(compressing);
                compressing.finish();
                return report;
            }, () -> Restore.from(new GZIPInputStream(in)));
        }
    }

    @Test
    void pipedStreams() throws Exception {
        try (PipedInputStream in = new PipedInputStream(); PipedOutputStream out = new PipedOutputStream(in)) {
            assertCarriesMeanwhile(checkpoint -> checkpoint.writeTo(out), () -> Restore.from(in));
        }
    }

    @Test
    void streamsOfFiles() throws Exception {
        Path file = directory.resolve("image");
        try (OutputStream out = new FileOutputStream(file.toFile()); InputStream in = new FileInputStream(file.toFile())) {
            assertCarries(checkpoint -> checkpoint.writeTo(out), () -> Restore.from(in));
        }
        try (OutputStream out = Files.newOutputStream(file); InputStream in = Files.newInputStream(file)) {
            assertCarries(checkpoint -> checkpoint.writeTo(out), () -> Restore.from(in));
        }
    }

    @Test
    void appendedToAFile() throws Exception {
        Path file = directory.resolve("image");
        Files.write(file, AROUND);
        try (OutputStream out = new FileOutputStream(file.toFile(), true); InputStream in = Files.newInputStream(file)) {
            assertArrayEquals(AROUND, in.readNBytes(AROUND.length));
            assertCarries(checkpoint -> checkpoint.writeTo(out), () -> Restore.from(in));
        }
    }

    /** What was buffered before the image goes out before it, and what was read ahead comes in before the rest. */
    @Test
    void bufferedStreamsOfFilesKeepTheOrder() throws Exception {
        Path file = directory.resolve("image");
        try (OutputStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(file.toFile())))) {
            out.write(AROUND);
            try (Sample sample = new Sample()) {
                sample.checkpoint().writeTo(out);
                out.write(AROUND);
                out.flush();
                try (InputStream in = new BufferedInputStream(new FileInputStream(file.toFile()))) {
                    assertArrayEquals(AROUND, in.readNBytes(AROUND.length));
                    sample.assertRestores(Restore.from(in));
                    assertArrayEquals(AROUND, in.readAllBytes());
                }
            }
        }
    }

    @Test
    void fileChannelsAtTheirPositions() throws Exception {
        Path file = directory.resolve("image");
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            out.position(100_000);
            in.position(100_000);
            assertCarries(checkpoint -> {
                CheckpointReport report = checkpoint.writeTo(out);
                assertEquals(100_000 + report.imageBytes(), out.position());
                return report;
            }, () -> Restore.from(in));
            assertEquals(out.position(), in.position());
        }
    }

    @Test
    void streamsOfSockets() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket out = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket in = server.accept()) {
            assertCarriesMeanwhile(
                    checkpoint -> checkpoint.writeTo(out.getOutputStream()), () -> Restore.from(in.getInputStream()));
            in.setSoTimeout(60_000);
            assertCarriesMeanwhile(
                    checkpoint -> checkpoint.writeTo(out.getOutputStream()), () -> Restore.from(in.getInputStream()));
            in.setSoTimeout(50);
            TimedOutException e = assertThrows(TimedOutException.class, () -> Restore.from(in.getInputStream()).open());
            assertTrue(e.getCause() instanceof SocketTimeoutException, e.toString());
        }
    }

    @Test
    void socketChannelsThatDoNotBlock() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel out = SocketChannel.open(server.getLocalAddress());
                SocketChannel in = server.accept()) {
            assertCarriesMeanwhile(checkpoint -> checkpoint.writeTo(out), () -> Restore.from(in));
            out.configureBlocking(false);
            in.configureBlocking(false);
            assertCarriesMeanwhile(checkpoint -> checkpoint.writeTo(out), () -> Restore.from(in));
        }
    }

    @Test
    void channelsOfAPipe() throws Exception {
        Pipe way = Pipe.open();
        try (Pipe.SinkChannel out = way.sink(); Pipe.SourceChannel in = way.source()) {
            in.configureBlocking(false);
            out.configureBlocking(false);
            assertCarriesMeanwhile(checkpoint -> checkpoint.writeTo(out), () -> Restore.from(in));
            in.configureBlocking(true);
            assertCarriesMeanwhile(
                    checkpoint -> checkpoint.writeTo(out), () -> Restore.from(Channels.newInputStream(in)));
        }
    }

    /** Below such a channel no descriptor is known, and it takes and gives no more than it likes. */
    @Test
    void channelsOfTheCallersOwn() throws Exception {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        WritableByteChannel reluctant = new Reluctant(ByteBuffer.allocate(0), image);
        assertCarries(checkpoint -> checkpoint.writeTo(reluctant),
                () -> Restore.from((ReadableByteChannel) new Reluctant(ByteBuffer.wrap(image.toByteArray()), image)));
    }

    private static final class Reluctant implements WritableByteChannel, ReadableByteChannel {

        private final ByteBuffer image;
        private final ByteArrayOutputStream taken;
        private int turn;

        Reluctant(ByteBuffer image, ByteArrayOutputStream taken) {
            this.image = image;
            this.taken = taken;
        }

        @Override
        public int write(ByteBuffer bytes) {
            byte[] some = new byte[Math.min(bytes.remaining(), turn++ % 20 == 0 ? 0 : 9_999)];
            bytes.get(some);
            taken.writeBytes(some);
            return some.length;
        }

        @Override
        public int read(ByteBuffer into) {
            if (!image.hasRemaining()) {
                return -1;
            }
            int some = Math.min(Math.min(image.remaining(), into.remaining()), turn++ % 20 == 0 ? 0 : 9_999);
            into.put(image.duplicate().limit(image.position() + some));
            image.position(image.position() + some);
            return some;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** The JDK takes what is left in the pipe of a process that has ended, while the image may still be on its way. */
    @Test
    void streamsOfAProcess() throws Exception {
        for (int round = 0; round < 20; round++) {
            Process cat = new ProcessBuilder("cat").start();
            assertCarriesMeanwhile(checkpoint -> {
                try (OutputStream out = cat.getOutputStream()) {
                    return checkpoint.writeTo(out);
                }
            }, () -> Restore.from(cat.getInputStream()));
            assertEquals(-1, cat.getInputStream().read());
            assertEquals(0, cat.waitFor());
            cat.getInputStream().close();
            cat.getErrorStream().close();
        }
    }

    @Test
    void snapshotAndPipesInPlaceGoTheSameWays() throws Exception {
        try (Sample sample = new Sample()) {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            ByteArrayOutputStream channel = new ByteArrayOutputStream();
            try (Snapshot snapshot = sample.checkpoint().snapshot()) {
                snapshot.writeTo(stream);
                snapshot.writeTo(Channels.newChannel(channel));
            }
            sample.assertRestores(Restore.from(new ByteArrayInputStream(stream.toByteArray())));
            sample.assertRestores(Restore.from(new ByteArrayInputStream(channel.toByteArray())));
        }
        try (TestPipe pipe = TestPipe.holding(AROUND)) {
            PipesInPlace inPlace = PipesInPlace.of(pipe.readFd(), pipe.writeFd());
            ByteArrayOutputStream image = new ByteArrayOutputStream();
            inPlace.writeTo(image);
            assertArrayEquals(AROUND, pipe.readAll());
            inPlace.restore(Restore.from(new ByteArrayInputStream(image.toByteArray())));
            assertArrayEquals(AROUND, pipe.readAll());
        }
    }

    @Test
    void failureOfTheStreamIsTheCause() throws IOException {
        IOException full = new IOException("the tape is full");
        OutputStream failing = new OutputStream() {
            private int written;

            @Override
            public void write(int b) throws IOException {
                if (written++ > 100_000) {
                    throw full;
                }
            }
        };
        try (Sample sample = new Sample()) {
            StandpipeException e = assertThrows(StandpipeException.class, () -> sample.checkpoint().writeTo(failing));
            assertSame(full, e.getCause());
            assertEquals("image to stream " + failing.getClass().getName() + ": the tape is full", e.getMessage());
            InputStream broken = new InputStream() {
                @Override
                public int read() throws IOException {
                    throw full;
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    throw full;
                }
            };
            StandpipeException read = assertThrows(StandpipeException.class, () -> Restore.from(broken).open());
            assertSame(full, read.getCause());
            sample.checkpoint().writeTo(OutputStream.nullOutputStream());
        }
    }

    /** A stream that was interrupted once, and would wait for good when it is written to again. */
    @Test
    void interruptedStreamIsNotWrittenToAgain() throws IOException {
        try (TestPipe pipe = TestPipe.holding(RandomBytes.of(30_000)); PipedInputStream in = new PipedInputStream();
                PipedOutputStream out = new PipedOutputStream(in)) {
            Thread.currentThread().interrupt();
            CancelledException e = assertThrows(
                    CancelledException.class, () -> Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(out));
            assertTrue(Thread.interrupted());
            assertEquals("image to stream java.io.PipedOutputStream: the thread was interrupted", e.getMessage());
        }
    }

    @Test
    void printStreamThatHidesAFailureIsNoSuccess() throws IOException {
        try (TestPipe pipe = TestPipe.holding(AROUND)) {
            PrintStream printing = new PrintStream(new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("no paper");
                }
            });
            StandpipeException e = assertThrows(
                    StandpipeException.class, () -> Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(printing));
            assertTrue(e.getMessage().endsWith(": a write to what it prints to has failed (checkError)"), e.getMessage());
        }
    }

    @Test
    void channelThatBreaksItsContractIsRefused() throws IOException {
        try (TestPipe pipe = TestPipe.holding(AROUND)) {
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd());
            for (int returned : new int[] {-1, 1, Integer.MAX_VALUE}) {
                StandpipeException e = assertThrows(
                        StandpipeException.class, () -> checkpoint.writeTo((WritableByteChannel) new Lying(returned)));
                assertTrue(e.getMessage().contains(": its write returned " + returned + " and took 0 of "), e.getMessage());
            }
            StandpipeException e = assertThrows(
                    StandpipeException.class, () -> Restore.from((ReadableByteChannel) new Lying(5)).open());
            assertTrue(e.getMessage().contains(": its read returned 5 and gave 0 bytes"), e.getMessage());
            InputStream lying = new InputStream() {
                @Override
                public int read() {
                    return 0;
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    return length + 1;
                }
            };
            assertThrows(StandpipeException.class, () -> Restore.from(lying).open());
        }
    }

    private static final class Lying implements WritableByteChannel, ReadableByteChannel {

        private final int returned;

        Lying(int returned) {
            this.returned = returned;
        }

        @Override
        public int write(ByteBuffer bytes) {
            return returned;
        }

        @Override
        public int read(ByteBuffer into) {
            return returned;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void streamThatEndsIsRefused() throws IOException {
        try (Sample sample = new Sample()) {
            ByteArrayOutputStream image = new ByteArrayOutputStream();
            sample.checkpoint().writeTo(image);
            for (int length : new int[] {0, 7, 500, 400_000, image.size() - 1}) {
                InputStream cut = new ByteArrayInputStream(image.toByteArray(), 0, length);
                ImageRefusedException e = assertThrows(ImageRefusedException.class, () -> Restore.from(cut).open());
                assertTrue(e.getMessage().contains(": the stream ended at offset " + length + ", expected "), e.getMessage());
            }
        }
    }

    /** A stream may wait for as long as it likes: the processes run meanwhile, even if the image is written while they are frozen. */
    @Test
    void processRunsWhileAStreamWaits() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(AROUND)) {
            OutputStream waiting = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    Await.until("the process runs", () -> process.state() == 'S');
                }
            };
            Checkpoint checkpoint = Checkpoint.ofProcess(process.pid());
            assertEquals(AROUND.length, checkpoint.writeTo(waiting).payloadBytes());
            assertEquals(AROUND.length, checkpoint.writingWhileFrozen().writeTo(waiting).payloadBytes());
            ByteArrayOutputStream image = new ByteArrayOutputStream();
            CheckpointReport report = checkpoint.writingWhileFrozen().writeTo(image);
            assertEquals(image.size(), report.imageBytes());
            assertTrue(report.frozen().toNanos() > 0);
            Restore.from(new ByteArrayInputStream(image.toByteArray())).check();
        }
    }
}
