// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;

/** One of several ways to do the same work, which are compared. */
interface Contender {

    String name();

    /** Does the work once and returns how many nanoseconds the part that counts took. */
    long sampleNanos() throws IOException;

    /** Returns the median of the samples' peak memory in KiB, or 0 if the contender is no process of its own. */
    default double peakMemoryKiB() {
        return 0;
    }

    /** Returns this contender with other work before each of its samples, which does not count. */
    default Contender after(Work preparation) {
        Contender contender = this;
        return new Contender() {
            @Override
            public String name() {
                return contender.name();
            }

            @Override
            public long sampleNanos() throws IOException {
                preparation.run();
                return contender.sampleNanos();
            }

            @Override
            public double peakMemoryKiB() {
                return contender.peakMemoryKiB();
            }
        };
    }

    /** Work that returns the nanoseconds that count. */
    interface Sample {
        long nanos() throws IOException;
    }

    static Contender of(String name, Sample sample) {
        return new Contender() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public long sampleNanos() throws IOException {
                return sample.nanos();
            }
        };
    }

    /** Work of which all counts. */
    interface Work {
        void run() throws IOException;
    }

    static long nanosOf(Work work) throws IOException {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    static Contender timed(String name, Work work) {
        return of(name, () -> nanosOf(work));
    }
}
