// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

/**
 * What one contender took.
 *
 * @param set the pipes, such as "100x64KiB", or the command
 * @param where the file system of the image, or the JDK
 * @param ratio the median over all rounds of this contender's time divided by the first contender's time in the same round
 * @param lowRatio a quarter of these ratios is smaller; for the first contender, of its times divided by their median
 * @param highRatio a quarter of these ratios is larger
 * @param peakMemoryKiB the median of the peak memory of a process of its own, or 0
 */
record Result(
        String benchmark, String set, String where, String contender, int rounds, double medianNanos, double leastNanos, double ratio,
        double lowRatio, double highRatio, double peakMemoryKiB) {}
