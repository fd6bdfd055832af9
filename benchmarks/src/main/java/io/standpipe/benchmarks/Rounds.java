// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets contenders take turns, one sample each in a round, forwards in one and backwards in the next: whatever slows the
 * machine down slows all of them.
 */
final class Rounds {

    private static final long ALONE_NANOS = 1_000_000_000L;

    private final int rounds;
    private final long warmUpNanos;

    /** @param warmUpNanos how long they take turns before a round counts */
    Rounds(int rounds, long warmUpNanos) {
        this.rounds = rounds;
        this.warmUpNanos = warmUpNanos;
    }

    /** Returns the samples of each contender, in the order of the rounds. */
    List<Samples> run(List<Contender> contenders) throws IOException {
        long start = System.nanoTime();
        do {
            round(contenders, new long[contenders.size()], false);
        } while (System.nanoTime() - start < warmUpNanos);
        long[][] nanos = new long[rounds][contenders.size()];
        for (int i = 0; i < rounds; i++) {
            round(contenders, nanos[i], i % 2 == 1);
        }
        List<Samples> samples = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            long[] own = new long[rounds];
            for (int j = 0; j < rounds; j++) {
                own[j] = nanos[j][i];
            }
            samples.add(new Samples(contenders.get(i).name(), own));
        }
        return samples;
    }

    /** The same, when one of them has been at it alone for a second: beside slow ones it would never get warm. */
    List<Samples> run(List<Contender> contenders, Contender quick) throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < ALONE_NANOS) {
            quick.sampleNanos();
        }
        return run(contenders);
    }

    private static void round(List<Contender> contenders, long[] nanos, boolean backwards) throws IOException {
        for (int i = 0; i < nanos.length; i++) {
            int index = backwards ? nanos.length - 1 - i : i;
            nanos[index] = contenders.get(index).sampleNanos();
        }
    }
}
