// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import io.standpipe.CheckpointReport;

/**
 * Counts the checkpoints and restores since the library was loaded, in the class loader that has it. Every one counts, whether an
 * application, an agent or a client of the MXBean asked for it. Safe for use by several threads.
 */
public final class Counters {

    /** What is counted: sums that never decrease, and two values of the last checkpoint. */
    public enum Counter {
        /** Images that were written. */
        CHECKPOINTS,
        FAILED_CHECKPOINTS,
        SAVED_PIPES,
        SAVED_BYTES,
        FROZEN_NANOS,
        WRITING_NANOS,
        LAST_FROZEN_NANOS,
        /** When the last image was complete, in milliseconds since 1970; 0 if there was none. */
        LAST_CHECKPOINT_MILLIS,
        RESTORES,
        FAILED_RESTORES,
        RESTORED_PIPES,
        RESTORED_BYTES
    }

    private static final Counters OF_THIS_LIBRARY = new Counters();

    private final long[] values = new long[Counter.values().length];

    private Counters() {}

    /** Returns the counters of the library in this class loader. */
    public static Counters ofThisLibrary() {
        return OF_THIS_LIBRARY;
    }

    public synchronized long value(Counter counter) {
        return values[counter.ordinal()];
    }

    /** Counts pipes that were captured, whether or not an image is written of them. */
    synchronized void captured(CheckpointReport report) {
        long frozenNanos = report.frozen().toNanos();
        add(Counter.FROZEN_NANOS, frozenNanos);
        values[Counter.LAST_FROZEN_NANOS.ordinal()] = frozenNanos;
    }

    /** Counts an image that was written. */
    synchronized void written(CheckpointReport report) {
        add(Counter.CHECKPOINTS, 1);
        add(Counter.SAVED_PIPES, report.pipes());
        add(Counter.SAVED_BYTES, report.payloadBytes());
        add(Counter.WRITING_NANOS, report.writing().toNanos());
        values[Counter.LAST_CHECKPOINT_MILLIS.ordinal()] = System.currentTimeMillis();
    }

    synchronized void saveFailed() {
        add(Counter.FAILED_CHECKPOINTS, 1);
    }

    synchronized void restored(int pipes, long payloadBytes) {
        add(Counter.RESTORES, 1);
        add(Counter.RESTORED_PIPES, pipes);
        add(Counter.RESTORED_BYTES, payloadBytes);
    }

    synchronized void restoreFailed() {
        add(Counter.FAILED_RESTORES, 1);
    }

    private void add(Counter counter, long more) {
        values[counter.ordinal()] += more;
    }
}
