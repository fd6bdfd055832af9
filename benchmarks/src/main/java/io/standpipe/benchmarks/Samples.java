// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.util.Arrays;

/** What one contender took, round by round, in nanoseconds. */
record Samples(String contender, long[] nanos) {

    long min() {
        return Arrays.stream(nanos).min().orElseThrow();
    }

    double median() {
        return median(Arrays.stream(nanos).asDoubleStream().toArray());
    }

    /** How many times as long as another one, of the medians. */
    double ratioTo(Samples other) {
        return median() / other.median();
    }

    /** The same, of each round by itself; the median of that. */
    double pairedRatioTo(Samples other) {
        double[] ratios = new double[nanos.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = (double) nanos[i] / other.nanos[i];
        }
        return median(ratios);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
