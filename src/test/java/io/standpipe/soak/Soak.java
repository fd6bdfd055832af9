// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import io.standpipe.Restore;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.ScratchMemory;
import io.standpipe.testkit.ClassDirectory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Main class for {@link SoakTest}: round after round, each of a kind chosen at random, for a number of seconds; then compares
 * what this JVM has with what it had when a fifth of the time was over. Arguments: seconds, seed, a folder.
 */
final class Soak {

    private static final int MEMORY_BYTES = 65_536;
    private static final int MORE_THAN_IS_KEPT = 16;

    private final long seed;
    private final Path folder;
    private final NativeMemory memory = NativeMemory.nativeOrder(MEMORY_BYTES);
    private final ExecutorService helper = Executors.newSingleThreadExecutor(Soak::daemon);
    private final Map<Kind, Integer> rounds = new EnumMap<>(Kind.class);
    private long round;

    private Soak(long seed, Path folder) {
        this.seed = seed;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        long seconds = Long.parseLong(arguments[0]);
        Soak soak = new Soak(Long.parseLong(arguments[1]), Files.createDirectory(Path.of(arguments[2], "rounds")));
        System.out.println("seed " + soak.seed + ", " + seconds + " s");
        List<String> leaks = soak.run(Path.of(arguments[2]), TimeUnit.SECONDS.toNanos(seconds));
        leaks.forEach(System.out::println);
        System.exit(leaks.isEmpty() ? 0 : 1);
    }

    /** So that a round that fails ends the JVM. */
    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "helper");
        thread.setDaemon(true);
        return thread;
    }

    private List<String> run(Path watched, long nanos) throws Exception {
        // A class that is met for the first time when no descriptor is left could not be loaded.
        ClassDirectory.loadAllBeside(Restore.class);
        ClassDirectory.loadAllBeside(Soak.class);
        long start = System.nanoTime();
        for (Kind kind : Kind.values()) {
            play(kind);
        }
        playUntil(start + nanos / 5);
        Figures before = figures(watched);
        System.out.println("after " + round + " rounds: " + before);
        playUntil(start + nanos);
        Figures after = figures(watched);
        System.out.println("after " + round + " rounds: " + after);
        System.out.println(rounds);
        return after.leaksSince(before);
    }

    /** With no program kept, and all memory that is ever kept for later calls. */
    private static Figures figures(Path watched) throws Exception {
        Stream.generate(() -> ScratchMemory.take(1)).limit(MORE_THAN_IS_KEPT).toList().forEach(ScratchMemory::giveBack);
        return Figures.take(watched);
    }

    private void playUntil(long nanoTime) throws Exception {
        while (System.nanoTime() - nanoTime < 0) {
            play(Kind.values()[random().nextInt(Kind.values().length)]);
        }
    }

    /** Each round has its own sequence, so that it is the same whatever was before it. */
    private Random random() {
        return new Random(new SplittableRandom(seed + round).nextLong());
    }

    private void play(Kind kind) throws Exception {
        Random random = random();
        random.nextInt();
        try {
            kind.round.run(new Kind.Bench(random, folder, memory, helper));
        } catch (Exception | AssertionError e) {
            System.out.println("round " + round + ", " + kind + ", seed " + seed);
            throw e;
        }
        rounds.merge(kind, 1, Integer::sum);
        round++;
    }
}
