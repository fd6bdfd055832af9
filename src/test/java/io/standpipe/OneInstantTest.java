// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.AtOnce;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestProcess;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All pipes are saved as of one instant: what was written to one of them before another is in it. */
@ExtendWith(DescriptorLeakCheck.class)
class OneInstantTest {

    private static final int PIPES = 16;
    private static final int ROUNDS = Thorough.rounds(20, 60);
    private static final int SAVERS = 4;

    /** Threads that count: each writes its number to 16 pipes, one after another, and then takes it out of them again. */
    private static final String COUNTING = "#include <pthread.h>\n#include <stdint.h>\n#include <stdlib.h>\n#include <unistd.h>\n"
            + "static int ends[8][16][2];\n"
            + "static void *count(void *mine) {\n"
            + "  int (*pipes)[2] = mine; uint64_t n, taken; int i;\n"
            + "  for (n = 1;; n++) {\n"
            + "    for (i = 0; i < 16; i++) if (write(pipes[i][1], &n, 8) != 8) exit(1);\n"
            + "    if (n > 100) for (i = 0; i < 16; i++) if (read(pipes[i][0], &taken, 8) != 8) exit(1);\n"
            + "  }\n}\n"
            + "int main(int argc, char **argv) {\n"
            + "  pthread_t thread; int i, j, threads = atoi(argv[1]);\n"
            + "  for (i = 0; i < threads; i++) for (j = 0; j < 16; j++) if (pipe(ends[i][j])) exit(1);\n"
            + "  for (i = 0; i < threads; i++) pthread_create(&thread, 0, count, ends[i]);\n"
            + "  pause(); return argc; }\n";

    @TempDir
    static Path folder;

    private static Path program;

    @BeforeAll
    static void compile() throws Exception {
        program = CCode.program(folder, COUNTING, "-pthread");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void noPipeIsAheadOfPipeWrittenBeforeIt(int threads) throws IOException {
        try (TestProcess process = TestProcess.of(List.of(program.toString(), Integer.toString(threads)))) {
            Await.until("it counts", () -> counts(process.pid(), threads));
            for (int round = 0; round < ROUNDS; round++) {
                try (Snapshot snapshot = Checkpoint.ofProcess(process.pid()).snapshot()) {
                    check(Restore.from(snapshot), round, threads);
                }
            }
            assertTrue(process.isAlive());
        }
    }

    /** Whoever lets the process run again does so while nobody else counts on its standing still. */
    @Test
    void noPipeIsAheadInConcurrentCheckpoints() throws Exception {
        try (TestProcess process = TestProcess.of(List.of(program.toString(), "1"))) {
            Await.until("it counts", () -> counts(process.pid(), 1));
            AtOnce.run(SAVERS, saver -> {
                for (int round = 0; round < ROUNDS / SAVERS; round++) {
                    try (Snapshot snapshot = Checkpoint.ofProcess(process.pid()).snapshot()) {
                        check(Restore.from(snapshot), round, 1);
                    }
                }
            });
            assertTrue(process.isAlive());
        }
    }

    /** Puts ever new pipes at descriptors 5 and 6, of which each holds how many there have been. */
    private static final String RENEWING = "#include <stdint.h>\n#include <unistd.h>\n"
            + "static void renew(int number, uint64_t n) {\n"
            + "  int ends[2]; pipe(ends); write(ends[1], &n, 8); dup2(ends[0], number); close(ends[0]); close(ends[1]); }\n"
            + "int main(void) { uint64_t n; for (n = 1;; n++) { renew(5, n); renew(6, n); } }\n";

    @Test
    void descriptorsAreOfTheSameInstant() throws Exception {
        Path renewing = CCode.program(Files.createTempDirectory(folder, "renewing"), RENEWING);
        try (TestProcess process = TestProcess.of(List.of(renewing.toString()))) {
            Await.until("it has both", () -> Files.exists(Path.of("/proc/" + process.pid() + "/fd/6")));
            for (int round = 0; round < ROUNDS; round++) {
                try (Snapshot snapshot = Checkpoint.ofProcess(process.pid(), 5, 6).snapshot()) {
                    Restore restore = Restore.from(snapshot);
                    long first = last(restore, restore.pipes().get(0));
                    long second = last(restore, restore.pipes().get(1));
                    assertTrue(first == second || first == second + 1, "round " + round + ": " + first + ", " + second);
                }
            }
        }
    }

    private static boolean counts(int pid, int threads) throws IOException {
        try (Snapshot snapshot = Checkpoint.ofProcess(pid).snapshot()) {
            return pipes(Restore.from(snapshot)).stream().filter(pipe -> pipe.payloadBytes() >= 100 * Long.BYTES).count()
                    == (long) threads * PIPES;
        }
    }

    private static void check(Restore restore, int round, int threads) throws IOException {
        List<Image.Pipe> pipes = pipes(restore);
        for (int thread = 0; thread < threads; thread++) {
            long first = last(restore, pipes.get(thread * PIPES));
            long before = first;
            for (Image.Pipe pipe : pipes.subList(thread * PIPES, (thread + 1) * PIPES)) {
                long last = last(restore, pipe);
                String what = "round " + round + ", thread " + thread + ": " + last + " behind " + before + ", " + first;
                assertTrue(last <= before && last >= first - 1, what);
                before = last;
            }
        }
    }

    /** Those that the program has made, in that order: not its standard input, output and error. */
    private static List<Image.Pipe> pipes(Restore restore) throws IOException {
        List<Image.Pipe> all = restore.pipes();
        return all.subList(3, all.size());
    }

    private static long last(Restore restore, Image.Pipe pipe) throws IOException {
        try (Payload payload = restore.payload(pipe.objref())) {
            byte[] bytes = payload.readAllBytes();
            return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(bytes.length - Long.BYTES);
        }
    }
}
