// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.proc.BlockedCalls;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Threads that wait in a pipe, in whichever call, lose nothing when the pipe is restored in place. */
@ExtendWith(DescriptorLeakCheck.class)
class BlockedInPlaceTest {

    private static final int CAPACITY = 65_536;

    @TempDir
    Path directory;

    @Test
    void transferToGoesOnAtTheNewPipe() throws Exception {
        byte[] bytes = RandomBytes.of(5 * CAPACITY + 77);
        Path file = Files.write(directory.resolve("file"), bytes);
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            int fd = JavaDescriptor.of(sink).number();
            CompletableFuture<Long> transferred = started(() -> {
                try (FileChannel from = FileChannel.open(file)) {
                    long done = 0;
                    while (done < bytes.length) {
                        done += from.transferTo(done, bytes.length - done, sink);
                    }
                    return done;
                }
            });
            PipesInPlace pipes = PipesInPlace.of(pipe);
            ByteBuffer read = ByteBuffer.allocate(bytes.length);
            for (int round = 0; round < 3; round++) {
                awaitFull(fd);
                saveAndRestore(pipes);
                read.limit(read.position() + CAPACITY);
                readFully(source, read);
            }
            readFully(source, read.limit(bytes.length));
            assertEquals(bytes.length, transferred.get());
            assertArrayEquals(bytes, read.array());
        }
    }

    private static void readFully(Pipe.SourceChannel source, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            source.read(into);
        }
    }

    @Test
    void vmspliceGoesOnAtTheNewPipe() throws Exception {
        ByteBuffer memory = ByteBuffer.allocateDirect(5);
        memory.put(new byte[] {1, 2, 3, 4, 5}).flip();
        assertWriterGoesOn(fd -> Pipes.vmsplice(fd, memory, 0), new byte[] {1, 2, 3, 4, 5});
    }

    @Test
    void spliceAndTeeIntoAPipeGoOnAtTheNewPipe() throws Exception {
        try (TestPipe from = TestPipe.holding(new byte[] {6, 7})) {
            assertWriterGoesOn(fd -> Pipes.tee(from.readFd(), fd, 2, 0), new byte[] {6, 7});
            assertWriterGoesOn(fd -> Pipes.splice(from.readFd(), fd, 2, 0), new byte[] {6, 7});
        }
    }

    @Test
    void waitForRoomGoesOnAtTheNewPipe() throws Exception {
        assertWriterGoesOn(
                fd -> {
                    PipeCalls.awaitRoom(fd);
                    return PipeIo.tryWrite(fd, new byte[] {8});
                },
                new byte[] {8});
    }

    private interface Call {
        long on(int fd) throws IOException;
    }

    /** Has a thread wait for room in a full pipe. The former pipe is emptied, so that only the new one is full. */
    private void assertWriterGoesOn(Call call, byte[] written) throws Exception {
        byte[] bytes = RandomBytes.of(CAPACITY);
        try (TestPipe pipe = TestPipe.holding(bytes)) {
            CompletableFuture<Long> writer = started(() -> call.on(pipe.writeFd()));
            awaitBlocked(pipe.writeFd());
            saveAndRestore(PipesInPlace.of(pipe.readFd(), pipe.writeFd()));
            awaitBlocked(pipe.writeFd());
            assertArrayEquals(bytes, PipeIo.readAtMost(pipe.readFd(), CAPACITY));
            assertEquals(written.length, writer.get());
            assertArrayEquals(written, PipeIo.readAtMost(pipe.readFd(), written.length));
        }
    }

    @Test
    void spliceFromAPipeGoesOnAtTheNewPipe() throws Exception {
        try (TestPipe pipe = TestPipe.open();
                TestPipe to = TestPipe.open()) {
            CompletableFuture<Long> reader = started(() -> Pipes.splice(pipe.readFd(), to.writeFd(), 10, 0));
            awaitBlocked(pipe.readFd());
            saveAndRestore(PipesInPlace.of(pipe.readFd(), pipe.writeFd()));
            awaitBlocked(pipe.readFd());
            PipeIo.write(pipe.writeFd(), new byte[] {9});
            assertEquals(1, reader.get());
            assertArrayEquals(new byte[] {9}, PipeIo.readAtMost(to.readFd(), 1));
        }
    }

    @Test
    void pipeInWhichAThreadPollsIsNotVacated() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            CompletableFuture<Long> poller = started(() -> {
                PipeCalls.awaitBytes(pipe.readFd());
                return 0L;
            });
            awaitBlocked(pipe.readFd());
            PipesInPlace pipes = PipesInPlace.of(pipe.readFd(), pipe.writeFd());
            pipes.writeTo(directory.resolve("image"));
            StandpipeException e = assertThrows(StandpipeException.class, pipes::vacate);
            assertTrue(e.getMessage().contains("waits in a pipe that is to be closed, in poll on one of the descriptors ["
                    + pipe.readFd() + ", " + pipe.writeFd() + "]: have it stop reading or writing first"), e.getMessage());
            PipeIo.write(pipe.writeFd(), new byte[] {1});
            poller.get();
        }
    }

    private void saveAndRestore(PipesInPlace pipes) throws IOException {
        Path image = directory.resolve("image");
        pipes.writeTo(image);
        InPlaceReport report = pipes.restore(Restore.from(image));
        assertEquals(List.of(), report.kept());
        assertEquals(List.of(), report.deviations());
    }

    private static void awaitFull(int fd) {
        Await.until("the pipe is full", () -> Pipes.queuedBytes(fd) == CAPACITY);
        awaitBlocked(fd);
    }

    private static void awaitBlocked(int fd) {
        Await.until("a thread waits", () -> !BlockedCalls.ownThreadsBlockedOn(Set.of(fd)).isEmpty());
    }

    private static <T> CompletableFuture<T> started(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
