// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.proc.BlockedCalls;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.TestPipe;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Java objects go on working over pipes that were restored at the old fds. */
@ExtendWith(DescriptorLeakCheck.class)
class PipesInPlaceTest {

    @TempDir
    Path folder;

    private Path image;
    private Pipe pipe;

    @BeforeEach
    void open() throws IOException {
        image = folder.resolve("image");
        pipe = Pipe.open();
    }

    @AfterEach
    void close() throws IOException {
        pipe.source().close();
        pipe.sink().close();
    }

    private void write(int... bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
        for (int value : bytes) {
            buffer.put((byte) value);
        }
        assertEquals(bytes.length, pipe.sink().write(buffer.flip()));
    }

    private void assertReads(int... bytes) throws IOException {
        assertArrayEquals(bytes, read(pipe, bytes.length));
    }

    private static int[] read(Pipe from, int most) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(most);
        int length = from.source().read(buffer);
        int[] read = new int[length];
        for (int i = 0; i < length; i++) {
            read[i] = buffer.get(i);
        }
        return read;
    }

    @Test
    void vacatedPipeHasItsBytesAfterRestore() throws IOException {
        int number = JavaDescriptor.of(pipe.source()).number();
        write(1, 2, 3);
        PipesInPlace pipes = PipesInPlace.of(pipe);
        pipes.writeTo(image);
        pipes.vacate();
        assertFalse(FdCalls.isOpen(number));
        assertThrows(StandpipeException.class, () -> pipes.writeTo(image));

        InPlaceReport report = pipes.restore(Restore.from(image));
        assertEquals(pipes.numbers(), Set.copyOf(report.restored()));
        assertEquals(List.of(), report.kept());
        assertEquals(3, report.payloadBytes());
        assertReads(1, 2, 3);
        write(4);
        assertReads(4);
        pipe.sink().close();
        assertEquals(-1, pipe.source().read(ByteBuffer.allocate(1)));
    }

    @Test
    void openPipeHasTheCheckpointsBytesAfterRestore() throws IOException {
        PipesInPlace pipes = PipesInPlace.of(pipe.sink(), pipe.source());
        for (int round = 0; round < 20; round++) {
            write(round, 2);
            pipes.writeTo(image);
            assertReads(round, 2);
            write(3);
            pipes.restore(Restore.from(image));
            assertReads(round, 2);
        }
    }

    @Test
    void streamedImageRestoresVacatedPipe() throws IOException {
        PipesInPlace pipes = PipesInPlace.of(pipe);
        write(4, 2);
        try (TestPipe sent = TestPipe.open()) {
            assertEquals(1, pipes.streamTo(sent.writeFd()).pipes());
            pipes.vacate();
            pipes.restore(Restore.fromBytes(PipeIo.readAll(sent.readFd())));
        }
        assertReads(4, 2);
    }

    @Test
    void restoreKeepsCapacityAndFlags() throws IOException {
        pipe.source().configureBlocking(false);
        int number = JavaDescriptor.of(pipe.source()).number();
        Pipes.setCapacityBytes(number, 262_144);
        boolean closeOnExec = FdCalls.isCloseOnExec(number);
        PipesInPlace pipes = PipesInPlace.of(pipe);
        pipes.writeTo(image);
        pipes.vacate();
        pipes.restore(Restore.from(image));
        assertEquals(262_144, Pipes.capacityBytes(number));
        assertTrue(PipeIo.isNonBlocking(number));
        assertEquals(closeOnExec, FdCalls.isCloseOnExec(number));
        assertEquals(0, pipe.source().read(ByteBuffer.allocate(1)));
    }

    @Test
    void blockedChannelReaderGoesOnAtNewPipe() throws Exception {
        int number = JavaDescriptor.of(pipe.source()).number();
        CompletableFuture<int[]> reader = CompletableFuture.supplyAsync(() -> {
            try {
                return read(pipe, 10);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        PipesInPlace pipes = PipesInPlace.of(pipe);
        for (int round = 0; round < 3; round++) {
            awaitInACall(number);
            pipes.writeTo(image);
            assertEquals(List.of(), pipes.restore(Restore.from(image)).deviations());
        }
        awaitInACall(number);
        assertFalse(reader.isDone());
        write(5);
        assertArrayEquals(new int[] {5}, reader.get());
    }

    @Test
    void blockedStreamReaderGoesOnAtNewPipe() throws Exception {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        int number = ends.readFd();
        try (InputStream in = new FileInputStream(FdCalls.toJava(Fd.owning(number)));
                Fd writer = ends.writeEnd()) {
            CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
                try {
                    return in.read();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Await.until("the reader waits", () -> !BlockedCalls.ownThreadsBlockedOn(Set.of(number)).isEmpty());
            PipesInPlace pipes = PipesInPlace.of(in, writer);
            pipes.writeTo(image);
            StandpipeException e = assertThrows(StandpipeException.class, pipes::vacate);
            assertTrue(e.getMessage().contains("waits in a pipe that is to be closed"), e.getMessage());
            pipes.restore(Restore.from(image));
            PipeIo.write(writer.number(), new byte[] {9});
            assertEquals(9, reader.get());
        }
    }

    private static void awaitInACall(int number) {
        Await.until("a thread is in a call on " + number, () -> BlockedCalls.ownThreadsPossiblyIn(Set.of(number)).size() > 0);
    }

    @Test
    void selectorsWatchTheNewPipe() throws Exception {
        pipe.source().configureBlocking(false);
        try (Selector selector = Selector.open()) {
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ);
            assertEquals(0, selector.selectNow());
            PipesInPlace pipes = PipesInPlace.of(pipe);

            pipes.writeTo(image);
            pipes.restore(Restore.from(image));
            assertEquals(0, selector.selectNow());
            write(1);
            assertEquals(1, selector.select());
            assertReads(1);
            selector.selectedKeys().clear();

            pipes.writeTo(image);
            pipes.vacate();
            pipes.restore(Restore.from(image));
            CompletableFuture<Integer> selecting = CompletableFuture.supplyAsync(() -> {
                try {
                    return selector.select();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            pipes.writeTo(image);
            pipes.restore(Restore.from(image));
            assertFalse(selecting.isDone());
            write(2);
            assertEquals(1, selecting.get());
            selector.selectedKeys().clear();
            key.interestOps(0);
            assertEquals(0, selector.selectNow());
            key.interestOps(SelectionKey.OP_READ);
            assertEquals(1, selector.selectNow());
        }
    }

    @Test
    void takenFdIsNotOverwritten() throws IOException {
        write(1);
        PipesInPlace pipes = PipesInPlace.of(pipe);
        pipes.writeTo(image);
        int sink = JavaDescriptor.of(pipe.sink()).number();
        int source = JavaDescriptor.of(pipe.source()).number();
        try (Fd file = FileCalls.memoryFile("somebody's")) {
            pipes.vacate();
            assertRefusedWhileTaken(pipes, file, source, sink);
        }
        pipes.restore(Restore.from(image));
        assertReads(1);
        assertThrows(StandpipeException.class, () -> Restore.from(image).inPlace());
    }

    private void assertRefusedWhileTaken(PipesInPlace pipes, Fd file, int source, int sink) throws IOException {
        try (Fd taken = FdCalls.duplicateFrom(file.number(), sink)) {
            assertEquals(sink, taken.number());
            StandpipeException e =
                    assertThrows(StandpipeException.class, () -> pipes.restore(Restore.from(image)));
            assertTrue(e.getMessage().contains("descriptor " + sink + ": the number is taken by /memfd:somebody's"),
                    e.getMessage());
            assertThrows(StandpipeException.class, () -> Restore.from(image).inPlace());
            assertFalse(FdCalls.isOpen(source));
            // Java knows that they are closed, and does not write to what has the number now.
            assertThrows(IOException.class, () -> write(9));
            assertEquals(0, Stat.of(taken.number()).sizeBytes());
        }
    }

    @Test
    void endClosedInJavaStaysClosed() throws Exception {
        write(1, 2);
        Process child = new ProcessBuilder("cat").start();
        PipesInPlace pipes = PipesInPlace.of(pipe, child);
        pipes.writeTo(image);
        int sink = JavaDescriptor.of(pipe.sink()).number();
        pipe.sink().close();
        child.getOutputStream().close();
        child.waitFor();
        Await.until("the JDK has closed the child's pipes", () -> PipesInPlace.numbersOf(pipe.source(), child).size() == 1);
        assertReads(1, 2);
        InPlaceReport report = pipes.restore(Restore.from(image));
        assertEquals(1, report.restored().size());
        assertEquals(4, report.deviations().size());
        assertFalse(FdCalls.isOpen(sink));
        assertReads(1, 2);
        assertEquals(-1, pipe.source().read(ByteBuffer.allocate(1)));
        child.getInputStream().close();
        child.getErrorStream().close();
    }

    @Test
    void sinkWhoseSourceWasClosedIsRestored() throws IOException {
        PipesInPlace pipes = PipesInPlace.of(pipe);
        pipes.writeTo(image);
        int sink = JavaDescriptor.of(pipe.sink()).number();
        pipe.source().close();
        InPlaceReport report = pipes.restore(Restore.from(image));
        assertEquals(List.of(sink), report.restored());
        assertEquals(1, report.deviations().size());
    }

    @Test
    void imageOfOtherFdsIsRefused() throws IOException {
        try (TestPipe other = TestPipe.holding(new byte[] {1})) {
            Checkpoint.ofDescriptors(other.readFd(), other.writeFd()).writeTo(folder.resolve("other"));
            PipesInPlace pipes = PipesInPlace.of(pipe);
            pipes.writeTo(image);
            assertThrows(StandpipeException.class, () -> pipes.restore(Restore.from(folder.resolve("other"))));
            assertEquals(1, Pipes.queuedBytes(other.readFd()));
        }
    }

    @Test
    void pipeHeldByChildIsKept() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        try {
            PipesInPlace pipes = PipesInPlace.of(cat);
            assertThrows(StandpipeException.class, pipes::vacate);
            pipes.writeTo(image);
            cat.getOutputStream().write(7);
            cat.getOutputStream().flush();
            assertEquals(3, pipes.restore(Restore.from(image)).kept().size());
            assertEquals(7, cat.getInputStream().read());
            StandpipeException e = assertThrows(StandpipeException.class, pipes::vacate);
            assertTrue(e.getMessage().contains("which would be cut off"), e.getMessage());
        } finally {
            cat.getOutputStream().close();
            cat.waitFor();
            cat.getInputStream().close();
            cat.getErrorStream().close();
        }
    }

    /** The helper by which the JDK starts children has all fds for a moment; this one has them for a tenth of a second. */
    @Test
    void forkedChildIsAwaited() throws Exception {
        assertIsWaitedFor("0.1");
    }

    /** A child that the scan has found may have ended by the time its program is looked at. */
    @Test
    void childThatExitsDuringTheScanIsNoHolder() throws Exception {
        for (int round = 0; round < 60; round++) {
            assertIsWaitedFor("0.00" + round % 4);
        }
    }

    private void assertIsWaitedFor(String seconds) throws Exception {
        write(1);
        PipesInPlace pipes = PipesInPlace.of(pipe);
        pipes.writeTo(image);
        assertReads(1);
        Path helper = folder.resolve("jspawnhelper");
        if (!Files.exists(helper)) {
            Files.copy(Path.of("/bin/sleep"), helper, StandardCopyOption.COPY_ATTRIBUTES);
        }
        Process forked = new ProcessBuilder(helper.toString(), seconds)
                .redirectInput(new File("/proc/self/fd/" + JavaDescriptor.of(pipe.source()).number()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertEquals(List.of(), pipes.restore(Restore.from(image)).kept());
            assertReads(1);
        } finally {
            forked.waitFor();
        }
    }

    @Test
    void externallyHeldPipeIsKeptUnlessCuttingOff() throws IOException {
        write(1);
        try (Fd copy = FdCalls.duplicate(JavaDescriptor.of(pipe.sink()).number())) {
            PipesInPlace pipes = PipesInPlace.of(pipe);
            pipes.writeTo(image);
            assertThrows(StandpipeException.class, pipes::vacate);
            assertEquals(2, pipes.restore(Restore.from(image)).kept().size());
            assertReads(1);

            PipesInPlace cutting = PipesInPlace.of(pipe).cuttingOffOthers();
            write(2);
            cutting.writeTo(image);
            assertEquals(2, cutting.restore(Restore.from(image)).restored().size());
            assertReads(2);
            assertTrue(PipeIo.isBroken(copy.number()));
        }
    }
}
