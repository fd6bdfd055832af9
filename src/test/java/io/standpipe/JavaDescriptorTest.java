// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.TestPipe;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PushbackInputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The fds below Java's own objects are found, and Java objects are made over fds, without any JVM flag. */
@ExtendWith(DescriptorLeakCheck.class)
@SuppressWarnings("try") // some are there to be closed only
class JavaDescriptorTest {

    @TempDir
    Path folder;

    @Test
    void objectsOverAFileHaveItsFd() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[] {1, 2, 3});
        try (FileInputStream in = new FileInputStream(file.toFile());
                FileOutputStream out = new FileOutputStream(file.toFile(), true);
                RandomAccessFile both = new RandomAccessFile(file.toFile(), "rw");
                FileChannel channel = FileChannel.open(file)) {
            assertLeadsTo(file, in);
            assertLeadsTo(file, in.getFD());
            assertLeadsTo(file, in.getChannel());
            assertLeadsTo(file, out);
            assertLeadsTo(file, both);
            assertLeadsTo(file, channel);
            assertLeadsTo(file, new DataInputStream(new BufferedInputStream(in)));
            assertLeadsTo(file, new PrintStream(new BufferedOutputStream(out)));
        }
    }

    private static void assertLeadsTo(Path file, Object object) throws IOException {
        assertEquals(file, Files.readSymbolicLink(Path.of("/proc/self/fd/" + JavaDescriptor.of(object).number())));
    }

    @Test
    void standardStreamsHaveFds0To2() throws IOException {
        assertEquals(0, JavaDescriptor.of(FileDescriptor.in).number());
        assertEquals(1, JavaDescriptor.of(new PrintStream(new FileOutputStream(FileDescriptor.out))).number());
        assertEquals(2, JavaDescriptor.of(new FileOutputStream(FileDescriptor.err)).number());
    }

    @Test
    void pipeChannelsHaveTheirFds() throws IOException {
        Pipe pipe = Pipe.open();
        try (Channel source = pipe.source(); Channel sink = pipe.sink()) {
            pipe.sink().write(ByteBuffer.wrap(new byte[] {7, 8}));
            assertArrayEquals(new byte[] {7, 8}, PipeIo.readAll(JavaDescriptor.of(source).number()));
            assertTrue(JavaDescriptor.of(sink).number() != JavaDescriptor.of(source).number());
        }
    }

    @Test
    void bufferedBytesAreReportedAndRefused() throws IOException {
        try (TestPipe pipe = TestPipe.holding(new byte[100]);
                BufferedInputStream in = new BufferedInputStream(new FileInputStream("/proc/self/fd/" + pipe.readFd()));
                BufferedOutputStream out = new BufferedOutputStream(new FileOutputStream("/proc/self/fd/" + pipe.writeFd()))) {
            assertEquals(0, JavaDescriptor.of(in).bufferedInputBytes());
            in.read();
            out.write(new byte[30]);
            assertEquals(99, JavaDescriptor.of(in).bufferedInputBytes());
            assertEquals(30, JavaDescriptor.of(new PrintStream(out)).bufferedOutputBytes());
            PushbackInputStream back = new PushbackInputStream(in, 5);
            back.unread(1);
            assertEquals(100, JavaDescriptor.of(back).bufferedInputBytes());

            assertRefused("read 99 bytes from descriptor", in);
            assertRefused("has 30 bytes for descriptor", out);
            out.flush();
            CheckpointReport report = Checkpoint.ofObjects(in, out).leavingBuffered().writeTo(folder.resolve("image"));
            assertEquals(30, report.payloadBytes());
        }
    }

    @Test
    void checkpointOfPipeAndProcessSavesTheirEnds() throws Exception {
        Pipe pipe = Pipe.open();
        Process cat = new ProcessBuilder("sleep", "1000").start();
        try (Channel source = pipe.source(); Channel sink = pipe.sink()) {
            cat.getOutputStream().write(new byte[5]);
            cat.getOutputStream().flush();
            pipe.sink().write(ByteBuffer.wrap(new byte[] {7, 8}));
            CheckpointReport report = Checkpoint.ofObjects(pipe, cat).writeTo(folder.resolve("image"));
            assertEquals(4, report.pipes());
            assertEquals(5, report.descriptors());
            assertEquals(7, report.payloadBytes());
        } finally {
            end(cat);
        }
    }

    @Test
    void endedProcessIsRefused() throws Exception {
        Process echo = new ProcessBuilder("echo", "word").start();
        echo.waitFor();
        Await.until("the JDK has closed the pipes", () -> isRefused(echo.getInputStream()));
        assertRefused("its process has ended", echo.getInputStream());
        end(echo);
    }

    private static boolean isRefused(Object object) {
        try {
            return JavaDescriptor.of(object) == null;
        } catch (StandpipeException e) {
            return true;
        }
    }

    @Test
    void objectWithoutFdIsRefusedByClassName() throws IOException {
        assertRefused("java.io.ByteArrayInputStream: no descriptor is known below it", new ByteArrayInputStream(new byte[1]));
        try (InputStreamReader reader = new InputStreamReader(new ByteArrayInputStream(new byte[1]))) {
            assertRefused("name the stream below it", reader);
        }
        FileInputStream in = new FileInputStream("/dev/null");
        FileChannel channel = in.getChannel();
        try (FilterInputStream own = new FilterInputStream(in) {}) {
            assertRefused("name the stream that it reads or writes through", own);
        }
        assertRefused("java.io.FileInputStream: it is closed", in);
        assertRefused("sun.nio.ch.FileChannelImpl: it is closed", channel);
        BufferedInputStream closed = new BufferedInputStream(in);
        closed.close();
        assertRefused("java.io.BufferedInputStream: it is closed", closed);
        Pipe pipe = Pipe.open();
        pipe.sink().close();
        pipe.source().close();
        assertRefused("sun.nio.ch.SourceChannelImpl: it is closed", pipe.source());
        try (FileInputStream file = new FileInputStream("/dev/null")) {
            assertRefused("not a pipe", file);
        }
    }

    private void assertRefused(String part, Object object) {
        StandpipeException e = assertThrows(
                StandpipeException.class, () -> Checkpoint.ofObjects(object).writeTo(folder.resolve("refused")));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void restoredChannelsAreSelectable() throws IOException {
        Path image = folder.resolve("image");
        int reader;
        int writer;
        try (TestPipe pipe = TestPipe.holding(new byte[] {1, 2, 3})) {
            reader = pipe.readFd();
            writer = pipe.writeFd();
            Checkpoint.ofDescriptors(reader, writer).writeTo(image);
        }
        try (RestoredPipes restored = Restore.from(image).open(); Selector selector = Selector.open()) {
            assertThrows(StandpipeException.class, () -> restored.sourceChannel(writer));
            assertThrows(StandpipeException.class, () -> restored.sinkChannel(reader));
            try (Pipe.SourceChannel source = restored.sourceChannel(reader);
                    Pipe.SinkChannel sink = restored.sinkChannel(writer)) {
                source.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                assertEquals(1, selector.selectNow());
                ByteBuffer into = ByteBuffer.allocate(10);
                assertEquals(3, source.read(into));
                selector.selectedKeys().clear();
                assertEquals(0, selector.selectNow());
                sink.write(ByteBuffer.wrap(new byte[1]));
                assertEquals(1, selector.select());
            }
        }
    }

    private static void end(Process process) throws Exception {
        process.destroyForcibly().waitFor();
        process.getInputStream().close();
        process.getErrorStream().close();
        process.getOutputStream().close();
    }
}
