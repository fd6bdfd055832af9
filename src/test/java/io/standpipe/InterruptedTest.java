// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A thread that is interrupted does what it was asked to do, and still knows of the interruption. */
@ExtendWith(DescriptorLeakCheck.class)
class InterruptedTest {

    private static final byte[] CONTENT = RandomBytes.of(40_000);
    private static final int ROUNDS = 12;

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void nameImage() {
        image = folder.resolve("image.ckpt");
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Interrupts a thread before its work, and in other rounds at moments during it or after. */
    private void interrupted(Work work) throws Exception {
        Random random = new Random(5);
        for (int round = 0; round < ROUNDS; round++) {
            boolean before = round % 4 == 0;
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                if (before) {
                    Thread.currentThread().interrupt();
                }
                work.run();
                Await.until("it is interrupted", () -> Thread.currentThread().isInterrupted());
                return Thread.interrupted();
            });
            Thread thread = new Thread(task);
            thread.start();
            if (!before) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(8_000)));
                thread.interrupt();
            }
            assertTrue(task.get());
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.map(file -> file.getFileName().toString()).allMatch("image.ckpt"::equals));
        }
    }

    @Test
    void interruptedCheckpointOfOwnPipesCompletes() throws Exception {
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            interrupted(() -> {
                Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(image);
                assertRestores(Restore.from(image), pipe.readFd());
            });
            assertArrayEquals(CONTENT, pipe.readAll());
        }
    }

    @Test
    void interruptedCheckpointOfProcessCompletes() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(CONTENT)) {
            interrupted(() -> {
                Checkpoint.ofProcess(process.pid(), 0).writeTo(image);
                assertRestores(Restore.from(image), 0);
            });
            Await.until("it runs", () -> Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains(") S "));
        }
    }

    /** Through a pipe that is read only when the thread has long been waiting for room in it. */
    @Test
    void interruptedStreamCompletes() throws Exception {
        try (TestPipe pipe = TestPipe.holding(CONTENT); TestPipe way = TestPipe.ofCapacity(4_096)) {
            interrupted(() -> {
                FutureTask<Void> sender = new FutureTask<>(() -> {
                    Thread.currentThread().interrupt();
                    Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).streamTo(way.writeFd());
                    assertTrue(Thread.interrupted());
                    return null;
                });
                new Thread(sender).start();
                assertRestores(Restore.fromStream(way.readFd()), pipe.readFd());
                Await.until("all is sent", sender::isDone);
                sender.get();
            });
            assertArrayEquals(CONTENT, pipe.readAll());
        }
    }

    @Test
    void interruptedRestoreInPlaceCompletes() throws Exception {
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            PipesInPlace inPlace = PipesInPlace.of(pipe.readFd(), pipe.writeFd());
            interrupted(() -> {
                inPlace.checkpoint(image);
                inPlace.restore(Restore.from(image));
            });
            assertArrayEquals(CONTENT, pipe.readAll());
        }
    }

    @Test
    void interruptedStartOfCommandCompletes() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(CONTENT)) {
            Checkpoint.ofProcess(process.pid(), 0).writeTo(image);
            Map<Long, List<String>> commands = Map.of((long) process.pid(), List.of("true"));
            interrupted(() -> {
                StartedCommand started = Restore.from(image).start(commands).commands().get(0);
                assertEquals(0, started.waitFor().exitStatus());
            });
        }
    }

    private static void assertRestores(Restore restore, int number) throws IOException {
        try (RestoredPipes restored = restore.open()) {
            assertArrayEquals(CONTENT, PipeIo.readAll(restored.descriptor(number).number()));
        }
    }
}
