// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.AtOnce;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Threads of one JVM that checkpoint and restore at the same time are not in each other's way. */
@ExtendWith(DescriptorLeakCheck.class)
class ConcurrentTest {

    private static final int THREADS = 8;
    private static final int ROUNDS = 6;
    private static final byte[] SHARED = RandomBytes.of(50_000);

    @TempDir
    Path folder;

    @Test
    void concurrentThreadsRestoreTheirOwnBytes() throws Exception {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(SHARED);
                TestPipe shared = TestPipe.holding(SHARED)) {
            Path image = folder.resolve("shared.ckpt");
            Checkpoint.ofDescriptors(shared.readFd(), shared.writeFd()).writeTo(image);
            Restore restore = Restore.from(image);
            Checkpoint ofProcess = Checkpoint.ofProcess(process.pid(), 0);
            AtOnce.run(THREADS, thread -> {
                Random random = new Random(thread);
                for (int round = 0; round < ROUNDS; round++) {
                    own(folder.resolve("own" + thread + ".ckpt"), random, round);
                    assertRestores(SHARED, restore, shared.readFd());
                    Path ofThread = folder.resolve("process" + thread + ".ckpt");
                    ofProcess.writeTo(ofThread);
                    assertRestores(SHARED, Restore.from(ofThread), 0);
                }
            });
            assertArrayEquals(SHARED, shared.readAll());
            assertTrue(process.isAlive());
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2 * THREADS + 1, files.count());
        }
    }

    /** Saved to a file or through a pipe of the thread's own; or restored in place, after some of it was consumed. */
    private static void own(Path image, Random random, int round) throws IOException {
        byte[] content = new byte[random.nextInt(60_000)];
        random.nextBytes(content);
        try (TestPipe pipe = TestPipe.holding(content)) {
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd());
            if (round % 3 == 0) {
                checkpoint.writeTo(image);
                assertRestores(content, Restore.from(image), pipe.readFd());
            } else if (round % 3 == 1) {
                try (Fd memory = FileCalls.memoryFile("image")) {
                    checkpoint.streamTo(memory.number());
                    try (Fd again = FileCalls.reopen(memory.number(), Flags.O_RDONLY)) {
                        assertRestores(content, Restore.fromStream(again.number()), pipe.readFd());
                    }
                }
            } else {
                PipesInPlace inPlace = PipesInPlace.of(pipe.readFd(), pipe.writeFd());
                inPlace.writeTo(image);
                PipeIo.readAll(pipe.readFd());
                inPlace.restore(Restore.from(image));
            }
            assertArrayEquals(content, pipe.readAll());
        }
    }

    private static void assertRestores(byte[] expected, Restore restore, int number) throws IOException {
        try (RestoredPipes restored = restore.open()) {
            assertArrayEquals(expected, PipeIo.readAll(restored.descriptor(number).number()));
        }
    }

    /** A snapshot is for several threads, until it is closed. */
    @Test
    void threadsShareOneSnapshot() throws Exception {
        try (TestPipe full = TestPipe.holding(RandomBytes.of(65_536));
                TestPipe some = TestPipe.holding(RandomBytes.of(5_000));
                TestPipe packets = TestPipe.open();
                TestPipe empty = TestPipe.open()) {
            FdCalls.setStatusFlags(packets.writeFd(), Flags.oDirect());
            PipeIo.write(packets.writeFd(), RandomBytes.of(300));
            PipeIo.write(packets.writeFd(), RandomBytes.of(200));
            int[] numbers = Stream.of(full, some, packets, empty).flatMapToInt(
                    pipe -> IntStream.of(pipe.readFd(), pipe.writeFd())).toArray();
            try (Snapshot snapshot = Checkpoint.ofDescriptors(numbers).snapshot()) {
                AtOnce.run(THREADS, thread -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        Path image = folder.resolve("image" + thread);
                        assertEquals(4, snapshot.writeTo(image).pipes());
                        for (Restore restore : List.of(Restore.from(image), Restore.from(snapshot))) {
                            try (RestoredPipes restored = restore.open()) {
                                assertHolds(RandomBytes.of(65_536), restored, full);
                                assertHolds(RandomBytes.of(5_000), restored, some);
                                assertHolds(new byte[0], restored, empty);
                                assertEquals(300, PipeIo.readAtMost(restored.descriptor(packets.readFd()).number(), 4_096).length);
                                assertHolds(RandomBytes.of(200), restored, packets);
                            }
                            // By its contents: the pipes are in the order of fds, and there may be gaps in those of this JVM.
                            int objref = restore.pipes().stream().filter(pipe -> pipe.payloadBytes() == 65_536).findFirst().orElseThrow().objref();
                            try (Payload payload = restore.payload(objref)) {
                                assertArrayEquals(RandomBytes.of(65_536), payload.readAllBytes());
                            }
                        }
                    }
                });
            }
        }
    }

    private static void assertHolds(byte[] expected, RestoredPipes restored, TestPipe pipe) throws IOException {
        assertArrayEquals(expected, PipeIo.readAll(restored.descriptor(pipe.readFd()).number()));
    }

    /** One call at a time is carried out, whoever makes it. */
    @Test
    void threadsRestoreTheSamePipesInPlace() throws Exception {
        byte[] content = RandomBytes.of(20_000);
        try (TestPipe pipe = TestPipe.holding(content)) {
            PipesInPlace inPlace = PipesInPlace.of(pipe.readFd(), pipe.writeFd());
            AtOnce.run(THREADS, thread -> {
                for (int round = 0; round < ROUNDS; round++) {
                    Path image = folder.resolve("image" + thread);
                    inPlace.writeTo(image);
                    inPlace.restore(Restore.from(image));
                }
            });
            assertArrayEquals(content, pipe.readAll());
        }
    }
}
