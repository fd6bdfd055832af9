// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Keeper;
import io.standpipe.testkit.Thorough;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A shell's pipeline that is dumped and restored at a random moment while lines go through it: none is lost, doubled or torn. Its last
 * program is the slowest, so that the pipes are full. {@code -Dstandpipe.criu.seed=SEED} repeats a run's moments, as far as time allows.
 */
@Timeout(120)
@ExtendWith(DescriptorLeakCheck.class)
class CriuPipelineTest {

    /** Numbers lines until there is a file "stop", which it looks for now and then. */
    private static final String PRODUCER = "awk 'BEGIN { while ((getline line < \"stop\") < 0) { for (i = 0; i < 1000; i++) print ++n } }'";
    private static final String FILTER = "sed 's/$/ passed/'";
    private static final String CONSUMER = "awk '{ for (i = 0; i < 100; i++) sum += i; print }' > lines";
    private static final long MOST_BYTES = 4_000_000;

    private static DumpTool tool;
    private static long seed;

    @TempDir
    Path directory;

    @BeforeAll
    static void findCriu() throws IOException, InterruptedException {
        tool = DumpTool.wanted();
        seed = Long.getLong("standpipe.criu.seed", System.nanoTime());
        System.out.println("CriuPipelineTest: -Dstandpipe.criu.seed=" + seed);
    }

    static IntStream rounds() {
        return IntStream.range(0, Integer.getInteger("standpipe.criu.rounds", Thorough.rounds(3, 8)));
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void everyLineComesThroughOnce(int round) throws Exception {
        run(new Random(seed + round), List.of(), false, 1);
    }

    @Test
    void everyLineComesThroughTwoRestores() throws Exception {
        run(new Random(seed), List.of(), false, 2);
    }

    @Test
    void everyLineComesThroughInPidNamespace() throws Exception {
        Host.assumeMountNamespaces();
        Host.assumeTool("unshare");
        run(new Random(seed), List.of("unshare", "--pid", "--fork", "setsid"), true, 1);
    }

    /**
     * Dumps and restores a pipeline, and checks its lines.
     *
     * @param within a command that becomes the shell, or runs it as its child
     */
    private void run(Random random, List<String> within, boolean isChild, int restores) throws Exception {
        Path folder = directory.toRealPath();
        Path lines = folder.resolve("lines");
        List<String> pipeline = new ArrayList<>(within);
        pipeline.addAll(List.of("sh", "-c", "cd " + folder + " && exec >errors 2>&1 && " + PRODUCER + " | " + FILTER + " | " + CONSUMER));
        List<Keeper> keepers = new ArrayList<>(List.of(Keeper.start(pipeline, folder.resolve("output"))));
        try {
            int command = keepers.get(0).pid();
            long from = 0;
            for (int i = 0; i < restores; i++) {
                long before = from + random.nextLong(MOST_BYTES);
                Await.until("the pipeline has written " + before + " bytes", () -> Files.size(lines) > before);
                Path images = Files.createDirectory(folder.resolve("images" + i));
                dump(isChild ? onlyChild(command) : command, images);
                keepers.get(i).awaitAll();
                from = Files.size(lines);
                Keeper copy = Keeper.start(tool.restore(images), folder.resolve("restore"));
                keepers.add(copy);
                assertEquals(0, copy.awaitCommand(), copy::output);
            }
            long behind = from + random.nextInt(200_000);
            Await.until("the pipeline goes on", () -> Files.size(lines) > behind);
            Files.createFile(folder.resolve("stop"));
            keepers.get(restores).awaitAll();
        } finally {
            for (Keeper keeper : keepers) {
                keeper.close();
            }
        }
        assertEquals("", Files.readString(folder.resolve("errors")));
        assertLinesAreWhole(lines);
    }

    private static int onlyChild(int pid) {
        return (int) ProcessHandle.of(pid).orElseThrow().children().findFirst().orElseThrow().pid();
    }

    private void dump(int pid, Path images) throws IOException, InterruptedException {
        try (Keeper dump = Keeper.start(tool.dump(pid, images), directory.resolve("dump"))) {
            assertEquals(0, dump.awaitCommand(), dump::output);
        }
    }

    private static void assertLinesAreWhole(Path lines) throws IOException {
        long number = 0;
        try (BufferedReader reader = Files.newBufferedReader(lines)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                assertEquals(number + " passed", line);
            }
        }
        assertEquals(0, number % 1000, "the producer writes lines by the thousand");
    }
}
