// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.FileCalls;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.PipeCalls;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Pipes;
import io.standpipe.testkit.Surveying;
import io.standpipe.testkit.TestPipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An image by surveys is, to the byte, the one that asking for each descriptor makes, and so is a stream. */
@ExtendWith(DescriptorLeakCheck.class)
class SurveyedCheckpointTest {

    private static final int PAGE = 4096;
    private static final int O_TRUNC = 01000;
    private static final int ROUNDS = 50;

    @TempDir
    Path folder;

    private final List<TestPipe> pipes = new ArrayList<>();
    private final List<Fd> others = new ArrayList<>();

    @BeforeEach
    void allowed() throws Exception {
        Surveying.assumeAllowed();
    }

    @AfterEach
    void close() {
        pipes.forEach(TestPipe::close);
        Fd.closeAll(others);
    }

    private TestPipe pipe(int capacityBytes) throws IOException {
        TestPipe pipe = TestPipe.create(capacityBytes);
        pipes.add(pipe);
        return pipe;
    }

    private int[] numbers() {
        return IntStream.concat(
                        pipes.stream().flatMapToInt(pipe -> IntStream.of(pipe.r(), pipe.w())),
                        others.stream().mapToInt(Fd::number))
                .toArray();
    }

    private byte[] image(boolean surveys, int... numbers) throws Exception {
        Path image = folder.resolve("image");
        Surveying.with(surveys, () -> Checkpoint.ofDescriptors(numbers).writeTo(image));
        return Files.readAllBytes(image);
    }

    private byte[] stream(boolean surveys, int... numbers) throws Exception {
        Path image = folder.resolve("stream");
        try (Fd file = FileCalls.open(
                FileCalls.CURRENT_FOLDER, image.toString(), Flags.O_WRONLY | Flags.O_CREAT | O_TRUNC, 0600)) {
            Surveying.with(surveys, () -> Checkpoint.ofDescriptors(numbers).streamTo(file.number()));
        }
        return Files.readAllBytes(image);
    }

    private void assertSameImage(int... numbers) throws Exception {
        assertSame(surveys -> image(surveys, numbers));
        assertSame(surveys -> surveys ? stream(true, numbers) : image(false, numbers));
    }

    private interface Saving {
        byte[] with(boolean surveys) throws Exception;
    }

    /** The same but for the second in which they were written. */
    private static void assertSame(Saving saving) throws Exception {
        byte[] expected = saving.with(false);
        byte[] actual = saving.with(true);
        for (int i = 0; i < 5 && !Arrays.equals(expected, actual); i++) {
            expected = saving.with(false);
            actual = saving.with(true);
        }
        assertArrayEquals(expected, actual);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, PAGE, PAGE + 1, 16 * PAGE - 1, 16 * PAGE})
    void ofOnePipeAndOfMany(int lengthBytes) throws Exception {
        pipe(16 * PAGE).write(Pipes.random(lengthBytes));
        assertSameImage(numbers());
        for (int i = 0; i < 40; i++) {
            pipe(16 * PAGE).write(Pipes.random(lengthBytes));
        }
        assertSameImage(numbers());
    }

    @Test
    void ofLargePipes() throws Exception {
        for (int i = 0; i < 3; i++) {
            pipe(256 * PAGE).write(Pipes.random(256 * PAGE - i));
        }
        assertSameImage(numbers());
    }

    @Test
    void ofPacketsAndOfManySmallSlots() throws Exception {
        for (int i = 0; i < 40; i++) {
            TestPipe pipe = pipe(256 * PAGE);
            DescriptorCalls.setStatusFlags(pipe.w(), Flags.oDirect());
            for (int j = 0; j <= i; j++) {
                Pipes.writeHere(pipe.w(), new byte[1 + i * j]);
            }
        }
        assertSameImage(numbers());
    }

    @Test
    void ofSharedAndDifferentDescriptions() throws Exception {
        for (int i = 0; i < 4; i++) {
            TestPipe pipe = pipe((1 << i) * PAGE);
            pipe.write(Pipes.random(100 * i));
            others.add(DescriptorCalls.duplicate(pipe.r()));
            others.add(FileCalls.reopen(pipe.r(), Flags.O_RDWR));
            others.add(FileCalls.reopen(pipe.w(), Flags.O_WRONLY | Flags.O_NONBLOCK));
            others.add(DescriptorCalls.duplicate(others.get(others.size() - 1).number()));
        }
        assertSameImage(numbers());
    }

    /** Held by copies, since the JDK may close what they stand for; the image has the numbers and flags of the originals. */
    @Test
    void ofObjects() throws Exception {
        Pipe objects = Pipe.open();
        try (Pipe.SourceChannel source = objects.source(); Pipe.SinkChannel sink = objects.sink()) {
            sink.write(ByteBuffer.wrap(Pipes.random(1000)));
            TestPipe pipe = pipe(16 * PAGE);
            pipe.write(Pipes.random(2 * PAGE));
            DescriptorCalls.setCloseOnExec(pipe.w(), false);
            assertTrue(source.isOpen());
            Checkpoint checkpoint = Checkpoint.ofObjects(objects, pipe.r(), pipe.w());
            assertSame(surveys -> {
                Path image = folder.resolve("image");
                Surveying.with(surveys, () -> checkpoint.writeTo(image));
                return Files.readAllBytes(image);
            });
        }
    }

    @Test
    void ofOneEnd() throws Exception {
        TestPipe both = pipe(16 * PAGE);
        TestPipe hungUp = pipe(16 * PAGE);
        both.write(Pipes.random(10));
        hungUp.write(Pipes.random(20));
        hungUp.closeWriteEnd();
        assertSameImage(both.r(), hungUp.r());
        assertSameImage(both.w());
    }

    @Test
    void ofWhatIsOutOfTheOrdinary() throws Exception {
        TestPipe signalling = pipe(16 * PAGE);
        DescriptorCalls.setSignal(signalling.r(), 10);
        assertSameImage(numbers());
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        others.add(FileCalls.open(FileCalls.CURRENT_FOLDER, fifo.toString(), Flags.O_RDWR, 0));
        assertSameImage(numbers());
    }

    /** Whatever came and went in each of them. */
    @Test
    void ofPipesWithAPast() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            TestPipe pipe = pipe(PAGE << random.nextInt(5));
            for (int j = 0; j < 40; j++) {
                DescriptorCalls.setStatusFlags(
                        pipe.w(), Flags.O_NONBLOCK | (random.nextInt(8) == 0 ? Flags.oDirect() : 0));
                if (random.nextInt(3) > 0) {
                    Pipes.tryWrite(pipe.w(), new byte[1 + random.nextInt(random.nextBoolean() ? 50 : 2 * PAGE)]);
                } else if (PipeCalls.queuedBytes(pipe.r()) > 0) {
                    Pipes.readAtMost(pipe.r(), 1 + random.nextInt(2 * PAGE));
                }
            }
        }
        String expected = contents(image(false, numbers()));
        assertEquals(expected, contents(image(true, numbers())));
        assertEquals(expected, contents(stream(true, numbers())));
    }

    /** By the reads that each pipe gives. Of a pipe that is not full a survey knows where its last slot ends; nobody else does. */
    private String contents(byte[] image) throws IOException {
        StringBuilder text = new StringBuilder();
        try (RestoredPipes restored = Restore.fromBytes(image).open()) {
            for (TestPipe pipe : pipes) {
                int end = restored.descriptor(pipe.r()).number();
                while (PipeCalls.queuedBytes(end) > 0) {
                    text.append(Pipes.readAtMost(end, 3 * PAGE).length).append(' ');
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    /**
     * A descriptor changes after the first survey, as soon as something is in the image: of that change the image tells,
     * unless it came after the second one too.
     */
    @Test
    void whatChangesInBetweenIsNotMissed() throws Exception {
        for (int i = 0; i < 200; i++) {
            pipe(16 * PAGE).write(new byte[16 * PAGE]);
        }
        TestPipe changing = pipe(16 * PAGE);
        int told = 0;
        for (int i = 0; i < ROUNDS && told == 0; i++) {
            DescriptorCalls.setStatusFlags(changing.r(), 0);
            AtomicBoolean done = new AtomicBoolean();
            Thread thread = new Thread(() -> changeOnceSomethingIsWritten(changing.r(), done));
            thread.start();
            byte[] image = image(true, numbers());
            done.set(true);
            thread.join();
            try (RestoredPipes restored = Restore.fromBytes(image).open()) {
                told += Pipes.isNonBlocking(restored.descriptor(changing.r()).number()) ? 1 : 0;
            }
            Files.delete(folder.resolve("image"));
        }
        assertTrue(told > 0, "no change was ever seen");
    }

    private void changeOnceSomethingIsWritten(int descriptor, AtomicBoolean done) {
        try {
            while (!done.get()) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        if (file.toFile().length() > 0) {
                            Pipes.setNonBlocking(descriptor);
                            return;
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its reader waits, so that it does too, after its survey and before it has come to the last pipe. */
    private byte[] streamInterruptedBy(ThrowingRunnable change) throws Exception {
        for (int i = 0; i < 4; i++) {
            pipe(16 * PAGE).write(new byte[16 * PAGE]);
        }
        List<TestPipe> saved = List.copyOf(pipes);
        try (TestPipe through = TestPipe.create(16 * PAGE);
                TestPipe last = TestPipe.holding(new byte[100])) {
            pipes.add(last);
            int[] numbers = numbers();
            CompletableFuture<CheckpointReport> streaming = CompletableFuture.supplyAsync(() -> {
                try {
                    return Surveying.with(true, () -> Checkpoint.ofDescriptors(numbers).streamTo(through.w()));
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            });
            Await.until("the stream waits", () -> PipeCalls.poll(through.w(), Flags.POLLOUT) == 0);
            change.run(last);
            ByteArrayOutputStream image = new ByteArrayOutputStream();
            while (!streaming.isDone() || PipeCalls.queuedBytes(through.r()) > 0) {
                if (PipeCalls.queuedBytes(through.r()) > 0) {
                    image.write(Pipes.readAtMost(through.r(), 16 * PAGE));
                }
            }
            streaming.get();
            return image.toByteArray();
        } finally {
            pipes.clear();
            pipes.addAll(saved);
        }
    }

    private interface ThrowingRunnable {
        void run(TestPipe pipe) throws IOException;
    }

    @Test
    void whatHappensWhileAStreamWaitsIsSaved() throws Exception {
        int[] number = new int[1];
        byte[] image = streamInterruptedBy(pipe -> {
            number[0] = pipe.r();
            Pipes.readAll(pipe.r());
            DescriptorCalls.setStatusFlags(pipe.w(), Flags.oDirect());
            Pipes.writeHere(pipe.w(), new byte[50]);
            Pipes.writeHere(pipe.w(), new byte[50]);
        });
        try (RestoredPipes restored = Restore.fromBytes(image).open()) {
            int end = restored.descriptor(number[0]).number();
            assertEquals(50, Pipes.readAtMost(end, 200).length);
            assertEquals(50, Pipes.readAtMost(end, 200).length);
        }
    }

    @Test
    void aDescriptorThatBecomesAnotherOneWhileAStreamWaitsIsNamed() {
        ExecutionException e = assertThrows(ExecutionException.class, () -> streamInterruptedBy(pipe -> {
            try (TestPipe other = TestPipe.holding(new byte[100])) {
                DescriptorCalls.duplicateTo(other.r(), pipe.r()).release();
            }
        }));
        String message = e.getCause().getMessage();
        assertTrue(
                message.endsWith(": the descriptor was closed, or became another one, while it was saved"), message);
    }
}
