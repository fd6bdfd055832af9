// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.OptionalInt;
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

    @Test
    void interruptedStreamThatHasRoomCompletes() throws Exception {
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            interrupted(() -> {
                try (TestPipe way = TestPipe.ofCapacity(1 << 20)) {
                    Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).streamTo(way.writeFd());
                    assertRestores(Restore.fromStream(way.readFd()), pipe.readFd());
                }
            });
            assertArrayEquals(CONTENT, pipe.readAll());
        }
    }

    @Test
    void interruptEndsTheWaitForRoomInAStream() throws Exception {
        try (TestPipe pipe = TestPipe.holding(CONTENT); TestPipe way = TestPipe.ofCapacity(4_096)) {
            assertCancelled(() -> Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).streamTo(way.writeFd()));
            assertArrayEquals(CONTENT, pipe.readAll());
        }
    }

    @Test
    void interruptEndsTheWaitForAnImage() throws Exception {
        try (TestPipe way = TestPipe.open()) {
            assertCancelled(() -> Restore.fromStream(way.readFd()).open());
        }
    }

    @Test
    void interruptEndsTheWaitForACommand() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(CONTENT)) {
            Checkpoint.ofProcess(process.pid(), 0).writeTo(image);
            StartedCommand started = Restore.from(image).start(Map.of((long) process.pid(), List.of("sleep", "1000"))).commands().get(0);
            try {
                assertCancelled(started::waitFor);
            } finally {
                new ProcessBuilder("kill", "-KILL", Long.toString(started.pid())).start().waitFor();
                assertEquals(OptionalInt.of(9), started.waitFor().signal());
            }
        }
    }

    /** Interrupts a thread once it waits in the kernel. */
    private static void assertCancelled(Work work) throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            assertThrows(CancelledException.class, work::run);
            return Thread.interrupted();
        });
        Thread thread = new Thread(task);
        thread.start();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20)); // An earlier interrupt has the same outcome.
        thread.interrupt();
        assertTrue(task.get(30, TimeUnit.SECONDS));
    }

    @Test
    void interruptedRestoreInPlaceCompletes() throws Exception {
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            PipesInPlace inPlace = PipesInPlace.of(pipe.readFd(), pipe.writeFd());
            interrupted(() -> {
                inPlace.writeTo(image);
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
                boolean was = Thread.interrupted();
                assertEquals(0, started.waitFor().exitStatus());
                if (was) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    private static void assertRestores(Restore restore, int number) throws IOException {
        try (RestoredPipes restored = restore.open()) {
            assertArrayEquals(CONTENT, PipeIo.readAll(restored.descriptor(number).number()));
        }
    }
}
