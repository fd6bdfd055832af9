// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares contenders and collects what they took. The contenders take turns, one sample each in a round, forwards in one round
 * and backwards in the next: whatever slows the machine slows all of them.
 */
final class Comparisons {

    static final String STANDPIPE = "Standpipe";

    private static final int LEAST_ROUNDS = 7;
    private static final int MOST_ROUNDS = 1001;

    private final Path file;
    private final Duration warmUp;
    private final Duration duration;
    private final List<Result> results = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    /**
     * @param file where {@link #write} puts the results
     * @param pass "quick" or "full"
     */
    Comparisons(Path file, String pass) {
        this.file = file;
        boolean full = pass.equals("full");
        warmUp = Duration.ofSeconds(full ? 5 : 2);
        duration = Duration.ofSeconds(full ? 20 : 3);
    }

    /**
     * Runs rounds for a while, at least seven.
     *
     * @param where the file system or the JDK
     * @param contenders the first is what the others are compared with
     */
    void compare(String benchmark, String set, String where, List<? extends Contender> contenders) throws IOException {
        int count = contenders.size();
        List<long[]> rounds = new ArrayList<>();
        long warm = System.nanoTime() + warmUp.toNanos();
        do {
            round(contenders, false);
        } while (System.nanoTime() < warm);
        long end = System.nanoTime() + duration.toNanos();
        while (rounds.size() < LEAST_ROUNDS || rounds.size() < MOST_ROUNDS && System.nanoTime() < end) {
            rounds.add(round(contenders, rounds.size() % 2 == 1));
        }
        for (int i = 0; i < count; i++) {
            int index = i;
            Contender contender = contenders.get(i);
            double[] nanos = rounds.stream().mapToDouble(round -> round[index]).toArray();
            double[] ratios = index == 0
                    ? Arrays.stream(nanos).map(taken -> taken / median(nanos)).toArray()
                    : rounds.stream().mapToDouble(round -> (double) round[index] / round[0]).toArray();
            Result result = new Result(
                    benchmark, set, where, contender.name(), nanos.length, median(nanos), Arrays.stream(nanos).min().orElseThrow(),
                    median(ratios), quantile(ratios, 0.25), quantile(ratios, 0.75), contender.peakMemoryKiB());
            results.add(result);
            System.out.printf(
                    "%-20s %-12s %-14s %-28s %12.1f us  x%.2f%n", benchmark, set, where, contender.name(),
                    result.medianNanos() / 1000, result.ratio());
        }
    }

    private static long[] round(List<? extends Contender> contenders, boolean backwards) throws IOException {
        long[] nanos = new long[contenders.size()];
        for (int i = 0; i < nanos.length; i++) {
            int index = backwards ? nanos.length - 1 - i : i;
            nanos[index] = contenders.get(index).sampleNanos();
        }
        return nanos;
    }

    static double median(double[] values) {
        return quantile(values, 0.5);
    }

    /** Returns what this part of the values is below, between two of them in proportion. */
    private static double quantile(double[] values, double part) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = part * (sorted.length - 1);
        int below = (int) at;
        return sorted[below] + (at - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
    }

    /** Notes for the report what could not be measured, and why. */
    void skip(String what, Exception reason) {
        skipped.add(what + ": not measured, " + reason.getMessage());
        System.out.println(skipped.get(skipped.size() - 1));
    }

    void write() throws IOException {
        new ResultFile(Machine.describe(), results, skipped).write(file);
    }
}
