// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.freeze.Freezer;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What waits ends at the caller's timeout, or when what it waits for is closed; then nothing is left of it. */
@ExtendWith(DescriptorLeakCheck.class)
@Timeout(60)
class TimeoutTest {

    private static final byte[] CONTENT = RandomBytes.of(30_000);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    @Test
    void streamThatNobodyReadsIsWaitedForToTheTimeout() throws IOException {
        try (TestPipe pipe = TestPipe.holding(CONTENT); TestPipe way = TestPipe.ofCapacity(4_096)) {
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).timeout(SHORT);
            TimedOutException e = assertThrows(TimedOutException.class, () -> checkpoint.streamTo(way.writeFd()));
            assertEquals("descriptor " + way.writeFd() + ": not done within the timeout of 100 ms", e.getMessage());
            assertArrayEquals(CONTENT, pipe.readAll());
        }
    }

    @Test
    void streamThatIsReadIsNotCutOffByTheTimeout() throws Exception {
        try (TestPipe pipe = TestPipe.holding(CONTENT); TestPipe way = TestPipe.ofCapacity(4_096)) {
            FutureTask<CheckpointReport> task = new FutureTask<>(
                    () -> Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).timeout(LONG).streamTo(way.writeFd()));
            new Thread(task).start();
            try (RestoredPipes restored = Restore.fromStream(way.readFd()).timeout(LONG).open()) {
                assertArrayEquals(CONTENT, PipeIo.readAll(restored.descriptor(pipe.readFd()).number()));
            }
            assertEquals(CONTENT.length, task.get(30, TimeUnit.SECONDS).payloadBytes());
        }
    }

    @Test
    void imageThatDoesNotComeIsWaitedForToTheTimeout() throws IOException {
        try (TestPipe way = TestPipe.holding("C")) {
            assertThrows(TimedOutException.class, () -> Restore.fromStream(way.readFd()).timeout(SHORT).open());
            assertThrows(TimedOutException.class, () -> Restore.fromStream(way.readFd()).timeout(Duration.ZERO).check());
        }
    }

    @Test
    void imageThatIsThereNeedsNoTime() throws IOException {
        try (TestPipe pipe = TestPipe.holding(CONTENT); TestPipe way = TestPipe.ofCapacity(1 << 20)) {
            Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).timeout(Duration.ZERO).streamTo(way.writeFd());
            Restore.fromStream(way.readFd()).timeout(Duration.ZERO).open().close();
        }
    }

    @Test
    void streamOfJavaIsLookedAtBetweenItsWritesAndReads() throws IOException {
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            ByteArrayOutputStream image = new ByteArrayOutputStream();
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd());
            checkpoint.timeout(LONG).writeTo(image);
            OutputStream slow = new OutputStream() {
                @Override
                public void write(int b) {
                    LockSupport.parkNanos(SHORT.toNanos());
                }

                @Override
                public void write(byte[] bytes, int offset, int length) {
                    LockSupport.parkNanos(SHORT.toNanos());
                }
            };
            assertThrows(TimedOutException.class, () -> checkpoint.timeout(SHORT).writeTo(slow));
            InputStream late = new FilterInputStream(new ByteArrayInputStream(image.toByteArray())) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    LockSupport.parkNanos(SHORT.toNanos());
                    return super.read(into, offset, length);
                }
            };
            assertThrows(TimedOutException.class, () -> Restore.from(late).timeout(SHORT).open());
            Restore.from(new ByteArrayInputStream(image.toByteArray())).timeout(LONG).check();
        }
    }

    /** Such streams wait for good, unless they are interrupted. */
    @Test
    void streamOfJavaThatWaitsIsInterruptedAtTheTimeout() throws IOException {
        try (TestPipe pipe = TestPipe.holding(CONTENT);
                PipedInputStream in = new PipedInputStream();
                PipedOutputStream out = new PipedOutputStream(in)) {
            assertThrows(TimedOutException.class, () -> Restore.from(in).timeout(SHORT).open());
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).timeout(SHORT);
            assertThrows(TimedOutException.class, () -> checkpoint.writeTo(out));
            assertThrows(TimedOutException.class, () -> checkpoint.writeTo(new ImageStore() {
                @Override
                public Writing create() throws IOException {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        throw new InterruptedIOException("no more time");
                    }
                    throw new AssertionError("not interrupted");
                }

                @Override
                public ReadableByteChannel open() throws IOException {
                    throw new NoSuchFileException("it");
                }
            }));
        }
        assertFalse(Thread.interrupted());
    }

    @Test
    void anotherCheckpointIsWaitedForToTheTimeout() throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(CONTENT)) {
            Path image = directory.resolve("image");
            Checkpoint checkpoint = Checkpoint.ofProcess(process.pid()).timeout(SHORT);
            try (Freezer other = new Freezer(Freeze.PTRACE, WaitLimit.NONE)) {
                other.prepare(List.of(process.pid()));
                TimedOutException e = assertThrows(TimedOutException.class, () -> checkpoint.writeTo(image));
                assertEquals("process " + process.pid() + ": somebody else is taking a checkpoint of it: not done within the timeout"
                        + " of 100 ms", e.getMessage());
                assertFalse(Files.exists(image));
            }
            assertEquals(CONTENT.length, checkpoint.writeTo(image).payloadBytes());
        }
    }

    @Test
    void processIsNotFrozenInNoTime() throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(CONTENT)) {
            Checkpoint checkpoint = Checkpoint.ofProcess(process.pid()).timeout(Duration.ZERO);
            try {
                checkpoint.writeTo(directory.resolve("image"));
            } catch (TimedOutException e) {
                assertFalse(Files.exists(directory.resolve("image")));
            }
            Await.until("it runs", () -> process.state() == 'S');
        }
    }

    @Test
    void commandIsWaitedForToTheTimeout() throws IOException {
        Path image = directory.resolve("image");
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(CONTENT)) {
            Checkpoint.ofProcess(process.pid(), 0).writeTo(image);
            StartedCommand command = Restore.from(image)
                    .start(Map.of((long) process.pid(), List.of("sleep", "1000"))).commands().get(0);
            try {
                assertThrows(TimedOutException.class, () -> command.waitFor(SHORT));
                assertTrue(ProcessHandle.of(command.pid()).isPresent());
            } finally {
                command.kill();
            }
            assertEquals(OptionalInt.of(9), command.waitFor(Duration.ZERO).signal());
        }
    }

    @Test
    void closingTheSocketEndsTheWaitForRoom() throws Exception {
        try (TestPipe pipe = TestPipe.ofCapacity(1 << 20);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket()) {
            pipe.write(RandomBytes.of(1 << 20));
            socket.setSendBufferSize(4_096);
            server.setReceiveBufferSize(4_096);
            socket.connect(server.getLocalSocketAddress());
            try (Socket peer = server.accept()) {
                assertEndsWhenClosed(() -> Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd())
                        .writeTo(socket.getOutputStream()), socket);
                assertFalse(peer.isClosed());
            }
        }
    }

    @Test
    void closingTheSocketEndsTheWaitForAnImage() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket peer = server.accept()) {
            assertEndsWhenClosed(() -> Restore.from(socket.getInputStream()).open(), socket);
            assertFalse(peer.isClosed());
        }
    }

    @Test
    void closingTheChannelEndsTheWaitForAnImage() throws Exception {
        Pipe way = Pipe.open();
        try (Pipe.SinkChannel sink = way.sink()) {
            assertEndsWhenClosed(() -> Restore.from(way.source()).open(), way.source());
            assertTrue(sink.isOpen());
        }
        StandpipeException e = assertThrows(StandpipeException.class, () -> Restore.from(way.source()).open());
        assertTrue(e.getMessage().endsWith(": it is closed"), e.getMessage());
    }

    @Test
    void closingTheSnapshotEndsTheWaitForRoom() throws Exception {
        try (TestPipe pipe = TestPipe.holding(CONTENT); TestPipe way = TestPipe.ofCapacity(4_096)) {
            Snapshot snapshot = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).snapshot();
            assertEndsWhenClosed(() -> snapshot.streamTo(way.writeFd()), snapshot);
            assertThrows(CancelledException.class, () -> snapshot.writeTo(directory.resolve("image")));
            assertThrows(CancelledException.class, () -> Restore.from(snapshot).open());
        }
    }

    /** Waits until it is killed, with what it has inherited. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] args) throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    /** A child that runs the JVM's own program is taken for one that is about to become its command, and to close the pipe by that. */
    @Test
    void holderThatIsAboutToLeaveIsWaitedForToTheTimeout() throws Exception {
        Path image = directory.resolve("image");
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            PipesInPlace pipes = PipesInPlace.of(pipe.readFd(), pipe.writeFd()).timeout(Duration.ZERO);
            pipes.writeTo(image);
            Process holder = new ProcessBuilder(Path.of("/proc/self/exe").toRealPath().toString(), "-cp",
                    System.getProperty("java.class.path"), Holder.class.getName())
                    .redirectInput(new File("/proc/self/fd/" + pipe.readFd()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                List<Integer> both = List.of(pipe.readFd(), pipe.writeFd());
                assertEquals(both, pipes.restore(Restore.from(image).timeout(Duration.ZERO)).kept());
                assertThrows(StandpipeException.class, pipes::vacate);
                FutureTask<InPlaceReport> restore = new FutureTask<>(() -> pipes.restore(Restore.from(image).timeout(LONG)));
                Thread thread = new Thread(restore);
                thread.start();
                Await.until("it waits for the holder", () -> isIn(thread, "pause"));
                holder.destroyForcibly();
                assertEquals(both, restore.get(30, TimeUnit.SECONDS).restored());
            } finally {
                holder.destroyForcibly().waitFor();
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void assertEndsWhenClosed(Work work, AutoCloseable closed) throws Exception {
        FutureTask<Exception> task = new FutureTask<>(() -> assertThrows(StandpipeException.class, work::run));
        Thread thread = new Thread(task);
        thread.start();
        Await.until("it waits in the kernel", () -> thread.getState() == Thread.State.RUNNABLE && isIn(thread, "awaitRoom", "awaitBytes"));
        closed.close();
        Exception e = task.get(30, TimeUnit.SECONDS);
        assertTrue(e instanceof CancelledException, e.toString());
        assertTrue(e.getMessage().endsWith(": it was closed by another thread meanwhile"), e.getMessage());
    }

    private static boolean isIn(Thread thread, String... methods) {
        return List.of(thread.getStackTrace()).stream().anyMatch(frame -> List.of(methods).contains(frame.getMethodName()));
    }
}
