// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.testkit.AtOnce;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of a pipe in use what is saved is a piece of its stream without a gap: numbers that are written one after another tell. */
@ExtendWith(DescriptorLeakCheck.class)
class WritersAndReadersTest {

    private static final int PIPES = 8;
    private static final int ROUNDS = Thorough.rounds(20, 50);
    private static final int MOST_BYTES = 8_000;

    /** For each of eight pipes a thread that writes ever more numbers, and one that reads them and ends all if one is missing. */
    private static final String COUNTING = "#include <pthread.h>\n#include <stdint.h>\n#include <stdlib.h>\n#include <unistd.h>\n"
            + "static int ends[8][2];\n"
            + "static void *put(void *mine) {\n"
            + "  int *pipe = mine; uint64_t n = 0, block[1000]; ssize_t done, length, written;\n"
            + "  for (;;) {\n"
            + "    for (length = 0; length < 1 + (ssize_t)(n % 997); length++) block[length] = n + (uint64_t)length;\n"
            + "    n += (uint64_t)length;\n"
            + "    for (done = 0; done < 8 * length; done += written)\n"
            + "      if ((written = write(pipe[1], (char *)block + done, (size_t)(8 * length - done))) <= 0) exit(1);\n"
            + "  }\n}\n"
            + "static void *take(void *mine) {\n"
            + "  int *pipe = mine; uint64_t n = 0, block[500]; ssize_t length, i;\n"
            + "  while ((length = read(pipe[0], block, sizeof block)) > 0)\n"
            + "    for (i = 0; i < length / 8; i++) if (block[i] != n++) exit(2);\n"
            + "  exit(3); }\n"
            + "int main(void) {\n"
            + "  pthread_t thread; int i;\n"
            + "  for (i = 0; i < 8; i++) if (pipe(ends[i])) exit(4);\n"
            + "  for (i = 0; i < 8; i++) { pthread_create(&thread, 0, put, ends[i]); pthread_create(&thread, 0, take, ends[i]); }\n"
            + "  pause(); return 0; }\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(value = Freeze.class, names = {"STOP", "NONE"})
    void savedBytesOfOtherProcessHaveNoGap(Freeze freeze) throws Exception {
        Path program = CCode.program(folder, COUNTING, "-pthread");
        try (TestProcess process = TestProcess.of(List.of(program.toString()))) {
            Checkpoint checkpoint = Checkpoint.ofProcess(process.pid()).freezing(freeze);
            Path table = Path.of("/proc/" + process.pid() + "/fdinfo/" + (2 + 2 * PIPES));
            Await.until("it has its pipes", () -> Files.exists(table));
            long[] before = new long[PIPES];
            for (int round = 0; round < ROUNDS; round++) {
                assertNoneIsEarlier(before, save(checkpoint, 3));
            }
            assertTrue(Arrays.stream(before).sum() > 0, "none of them ever had a number in it");
            assertTrue(process.isAlive(), "a number was missing that it wrote itself");
        }
    }

    @Test
    void savedBytesOfOwnProcessHaveNoGap() throws Exception {
        List<TestPipe> pipes = new ArrayList<>();
        try {
            for (int i = 0; i < PIPES; i++) {
                pipes.add(TestPipe.open());
            }
            Checkpoint checkpoint = Checkpoint.ofDescriptors(
                    pipes.stream().flatMapToInt(pipe -> IntStream.of(pipe.readFd(), pipe.writeFd())).toArray());
            AtomicBoolean ending = new AtomicBoolean();
            AtOnce.run(2 * PIPES + 1, thread -> {
                if (thread == 2 * PIPES) {
                    saveInUse(checkpoint, ending);
                } else if (thread < PIPES) {
                    put(pipes.get(thread), ending);
                } else {
                    take(pipes.get(thread - PIPES));
                }
            });
        } finally {
            pipes.forEach(TestPipe::close);
        }
    }

    private static void saveInUse(Checkpoint checkpoint, AtomicBoolean ending) throws IOException {
        try {
            long[] before = new long[PIPES];
            for (int round = 0; round < ROUNDS; round++) {
                assertNoneIsEarlier(before, save(checkpoint, 0));
            }
        } finally {
            ending.set(true);
        }
    }

    private static void put(TestPipe pipe, AtomicBoolean ending) throws IOException {
        NativeMemory memory = NativeMemory.nativeOrder(MOST_BYTES);
        long number = 0;
        try {
            while (!ending.get()) {
                int count = 1 + (int) (number % 997);
                for (int i = 0; i < count; i++) {
                    memory.buffer().putLong(i * Long.BYTES, number++);
                }
                for (int done = 0; done < count * Long.BYTES; ) {
                    done += (int) FileCalls.write(pipe.writeFd(), memory, done, count * Long.BYTES - done);
                }
            }
        } finally {
            pipe.closeWriteEnd();
        }
    }

    private static void take(TestPipe pipe) throws IOException {
        NativeMemory memory = NativeMemory.nativeOrder(MOST_BYTES);
        long number = 0;
        try {
            while (true) {
                int length = (int) PipeCalls.read(pipe.readFd(), memory, 0, MOST_BYTES / 2);
                if (length == 0) {
                    return;
                }
                for (int at = 0; at < length; at += Long.BYTES) {
                    assertEquals(number++, memory.buffer().getLong(at));
                }
            }
        } finally {
            pipe.closeReadEnd();
        }
    }

    /** Saves the pipes; returns the first number in each, or -1, having looked at all of them. */
    private static List<Long> save(Checkpoint checkpoint, int leftOut) throws IOException {
        List<Long> firsts = new ArrayList<>();
        try (Snapshot snapshot = checkpoint.snapshot()) {
            Restore restore = Restore.from(snapshot);
            List<Image.Pipe> all = restore.pipes();
            for (Image.Pipe pipe : all.subList(leftOut, all.size())) {
                try (Payload payload = restore.payload(pipe.objref())) {
                    firsts.add(first(ByteBuffer.wrap(payload.readAllBytes()).order(ByteOrder.nativeOrder())));
                }
            }
        }
        assertEquals(PIPES, firsts.size());
        return firsts;
    }

    private static long first(ByteBuffer numbers) {
        assertEquals(0, numbers.remaining() % Long.BYTES);
        for (int at = Long.BYTES; at < numbers.remaining(); at += Long.BYTES) {
            assertEquals(numbers.getLong(at - Long.BYTES) + 1, numbers.getLong(at));
        }
        return numbers.hasRemaining() ? numbers.getLong(0) : -1;
    }

    private static void assertNoneIsEarlier(long[] before, List<Long> firsts) {
        for (int i = 0; i < PIPES; i++) {
            long first = firsts.get(i);
            assertTrue(first < 0 || first >= before[i], "pipe " + i + " begins with " + first + ", before with " + before[i]);
            before[i] = Math.max(before[i], first);
        }
    }
}
