// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;

/** One of those that do the same work in turn, and are compared. */
interface Contender extends AutoCloseable {

    String name();

    /** Does the work once; returns the nanoseconds that what is compared took. */
    long sampleNanos() throws IOException;

    @Override
    default void close() throws IOException {}

    /** The work itself. */
    interface Work {
        void run() throws IOException;
    }

    /** A contender of which all is timed. */
    static Contender timed(String name, Work work) {
        return of(name, () -> nanosOf(work));
    }

    static long nanosOf(Work work) throws IOException {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    /** The work, and how long of it counts. */
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
}
