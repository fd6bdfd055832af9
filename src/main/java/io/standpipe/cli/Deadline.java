// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A moment until which something may take. */
final class Deadline {

    private static final int LONGEST_MILLIS = 60_000;

    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Returns what is left, at least a millisecond, and at most a minute. */
    int leftMillis() throws TimeoutException {
        long left = nanos - System.nanoTime();
        if (left <= 0) {
            throw new TimeoutException();
        }
        return (int) Math.min(LONGEST_MILLIS, TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }

    /** Waits for a while, or until the moment is there if that comes first. */
    void pause(int millis) throws TimeoutException, InterruptedIOException {
        try {
            Thread.sleep(Math.min(millis, leftMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
