// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestProcess;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 at any moment of a checkpoint or a restore: the last complete image is there, whoever stood still runs again, and what
 * was left behind goes with the next checkpoint. The property {@code standpipe.kill.rounds} asks for more rounds.
 */
@ExtendWith(DescriptorLeakCheck.class)
class KilledTest {

    private static final int ROUNDS = Integer.getInteger("standpipe.kill.rounds", Thorough.rounds(8, 16));
    private static final long LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final byte[] CONTENT = RandomBytes.of(60_000);
    private static final String IMAGE = "app.ckpt";

    private final Random random = new Random(20_261_124);

    @TempDir
    Path folder;

    /** Saves the standard input of a process for ever; says when it has done so for the first time. */
    static final class SaveForEver {
        public static void main(String[] arguments) throws IOException {
            Checkpoint checkpoint = Checkpoint.ofProcess(Integer.parseInt(arguments[0]), 0);
            boolean whileFrozen = Boolean.parseBoolean(arguments[2]);
            for (boolean first = true; ; first = false) {
                (whileFrozen ? checkpoint.writingWhileFrozen() : checkpoint).writeTo(Path.of(arguments[1]));
                if (first) {
                    System.out.print("saved\n");
                    System.out.flush();
                }
            }
        }
    }

    /** Restores for ever. */
    static final class RestoreForEver {
        public static void main(String[] arguments) throws IOException {
            for (boolean first = true; ; first = false) {
                Restore.from(Path.of(arguments[0])).open().close();
                if (first) {
                    System.out.print("restored\n");
                    System.out.flush();
                }
            }
        }
    }

    @Test
    void killedCheckpointLeavesWholeImageAndNoStoppedProcess() throws IOException {
        int left = 0;
        try (TestProcess target = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(CONTENT)) {
            TestProcess.awaitQueued(target.pid(), 0, CONTENT.length);
            for (int round = 0; round < ROUNDS; round++) {
                try (TestProcess saver = TestJvm.start(
                        SaveForEver.class, Integer.toString(target.pid()), image().toString(),
                        Boolean.toString(round % 2 == 1))) {
                    saver.awaitOutput("saved");
                    assertTrue(names().size() <= 2, () -> "more than the image and the file of a live checkpoint: " + names());
                    killSometime(saver);
                }
                left += names().size() - 1;
                assertImageIsWhole("round " + round);
                Await.until("the process runs in round " + round, () -> isRunning(target.pid()));
            }
            Checkpoint.ofProcess(target.pid(), 0).writeTo(image());
            assertEquals(List.of(IMAGE), names());
            assertTrue(ROUNDS < 10 || left > 0, "no checkpoint was killed while it wrote");
        }
    }

    @Test
    void killedRestoreLeavesImageUnchanged() throws IOException {
        try (TestProcess target = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(CONTENT)) {
            TestProcess.awaitQueued(target.pid(), 0, CONTENT.length);
            Checkpoint.ofProcess(target.pid(), 0).writeTo(image());
        }
        byte[] before = Files.readAllBytes(image());
        for (int round = 0; round < Math.max(1, ROUNDS / 4); round++) {
            try (TestProcess restorer = TestJvm.start(RestoreForEver.class, image().toString())) {
                restorer.awaitOutput("restored");
                killSometime(restorer);
            }
            assertArrayEquals(before, Files.readAllBytes(image()));
            assertEquals(List.of(IMAGE), names());
        }
    }

    private void killSometime(TestProcess process) {
        long nanos = (long) (random.nextDouble() * LATEST_NANOS);
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            LockSupport.parkNanos(nanos - (System.nanoTime() - start));
        }
        process.killAlone();
    }

    private void assertImageIsWhole(String when) throws IOException {
        assertEquals(1, Restore.from(image()).check().pipes().size(), when);
        try (Payload payload = Restore.from(image()).payload()) {
            assertArrayEquals(CONTENT, payload.readAllBytes(), when);
        }
    }

    private static boolean isRunning(int pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return "SR".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path image() {
        return folder.resolve(IMAGE);
    }
}
