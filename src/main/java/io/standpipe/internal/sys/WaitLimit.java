// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.CancelledException;
import io.standpipe.StandpipeException;
import io.standpipe.TimedOutException;
import io.standpipe.pipe.ErrnoException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * For how long an operation may wait in all: to a deadline, and no longer than its thread is not interrupted and what it works with is
 * open. The three are looked at only where it would wait, so that what need not wait is completed.
 */
public final class WaitLimit {

    /** Waits without end, unless its thread is interrupted. */
    public static final WaitLimit NONE = new WaitLimit(null, 0, () -> true);

    /** What is said where something was closed, behind its name. */
    public static final String CLOSED = ": it was closed by another thread meanwhile";

    /** More than any wait lasts. */
    public static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    /** So often a wait in the kernel is ended for a look at the limit: a signal that ends it could come a moment too early. */
    private static final int SLICE_MILLIS = 50;

    private final @Nullable Duration timeout;
    private final long deadlineNanos;
    private final BooleanSupplier isOpen;

    private WaitLimit(@Nullable Duration timeout, long deadlineNanos, BooleanSupplier isOpen) {
        this.timeout = timeout;
        this.deadlineNanos = deadlineNanos;
        this.isOpen = isOpen;
    }

    /** Begins to count a timeout; null for no end. */
    public static WaitLimit of(@Nullable Duration timeout) {
        return timeout == null ? NONE : new WaitLimit(timeout, System.nanoTime() + nanos(timeout), () -> true);
    }

    /** Returns a timeout that was given. */
    public static Duration notNegative(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", expected zero or more");
        }
        return timeout;
    }

    /** Returns this limit, which ends also when something else is closed. */
    public WaitLimit whileOpen(BooleanSupplier alsoOpen) {
        BooleanSupplier before = isOpen;
        return new WaitLimit(timeout, deadlineNanos, () -> before.getAsBoolean() && alsoOpen.getAsBoolean());
    }

    /** Returns what is left of the timeout, at most what a wait may last anyway. */
    public Duration left(Duration most) {
        Duration left = Duration.ofNanos(timeout == null ? Long.MAX_VALUE : Math.max(0, deadlineNanos - System.nanoTime()));
        return left.compareTo(most) < 0 ? left : most;
    }

    /** Returns whether there is a timeout. */
    public boolean isTimed() {
        return timeout != null;
    }

    /** Returns whether something was closed that is worked with. */
    public boolean isClosed() {
        return !isOpen.getAsBoolean();
    }

    /** Returns whether the limit is reached. */
    public boolean isReached() {
        return Thread.currentThread().isInterrupted() || isClosed() || timeout != null && System.nanoTime() - deadlineNanos >= 0;
    }

    /**
     * Returns, or throws if the limit is reached.
     *
     * @param what does not go on: the beginning of a sentence, before "nothing came of it"
     */
    public void check(String what) throws StandpipeException {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException(what + ": the thread was interrupted while it waited");
        }
        checkBetween(what);
    }

    /**
     * Returns, or throws if the time is up or something was closed: between steps that may wait where it cannot be seen. An interrupt is
     * theirs to notice.
     *
     * @param what as for {@link #check}
     */
    public void checkBetween(String what) throws StandpipeException {
        if (isClosed()) {
            throw new CancelledException(what + CLOSED);
        }
        if (timeout != null && System.nanoTime() - deadlineNanos >= 0) {
            throw new TimedOutException(notDone(what, timeout));
        }
    }

    /** Returns the exception for something that was ended since the time is up. */
    public TimedOutException timedOut(String what, Exception cause) {
        return new TimedOutException(notDone(what, Objects.requireNonNull(timeout)), cause);
    }

    private static String notDone(String what, Duration timeout) {
        return what + ": not done within the timeout of " + text(timeout);
    }

    /** Pauses before one more look at something, or throws as {@link #check} does. */
    public void pause(long pauseNanos, String what) throws StandpipeException {
        check(what);
        LockSupport.parkNanos(pauseNanos);
    }

    /**
     * Waits until an fd can be written, or until writing to it fails.
     *
     * @param most to wait in any case
     * @return false if it was waited so long in vain
     */
    public boolean awaitRoom(int fd, Duration most, String what) throws StandpipeException, ErrnoException {
        return await(most, what, millis -> PipeCalls.awaitRoom(fd, millis));
    }

    /** Waits until an fd has bytes to read, or until it is at its end. */
    public void awaitBytes(int fd, String what) throws StandpipeException, ErrnoException {
        await(FOREVER, what, millis -> PipeCalls.awaitBytes(fd, millis));
    }

    /** A wait for something in the kernel. */
    private interface Slice {
        boolean await(int millis) throws ErrnoException;
    }

    private boolean await(Duration most, String what, Slice slice) throws StandpipeException, ErrnoException {
        if (slice.await(0)) {
            return true;
        }
        long beganNanos = System.nanoTime();
        while (true) {
            check(what);
            long leftNanos = nanos(most) - (System.nanoTime() - beganNanos);
            if (leftNanos <= 0) {
                return false;
            }
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(left(Duration.ofNanos(leftNanos)).toNanos()) + 1;
            if (slice.await((int) Math.min(SLICE_MILLIS, leftMillis))) {
                return true;
            }
        }
    }

    /** Returns a duration as nanoseconds, at most half of what a long can hold, so that a time may be added. */
    private static long nanos(Duration duration) {
        Duration most = Duration.ofNanos(Long.MAX_VALUE / 2);
        return duration.compareTo(most) > 0 ? most.toNanos() : duration.toNanos();
    }

    private static String text(Duration duration) {
        if (duration.toMillis() == 0 && !duration.isZero()) {
            return duration.toNanos() + " ns";
        }
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
