// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.TimedOutException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Interrupts a thread when a timeout is over: while it is in code of others, such as a store's, which does not look at a limit. */
public final class TimedInterrupt {

    /** What may wait in code of others. */
    public interface Work<T> {
        T run() throws IOException;
    }

    private final Thread worker = Thread.currentThread();
    private final WaitLimit limit;
    private boolean ended;
    private boolean interrupted;

    private TimedInterrupt(WaitLimit limit) {
        this.limit = limit;
    }

    /**
     * Does the work, in this thread.
     *
     * @param what is done, in messages
     * @throws TimedOutException if the work failed since the timeout was over
     */
    public static <T> T within(WaitLimit limit, String what, Work<T> work) throws IOException {
        if (!limit.isTimed()) {
            return work.run();
        }
        TimedInterrupt timed = new TimedInterrupt(limit);
        Thread watch = new Thread(timed::watch, "standpipe-timeout");
        watch.setDaemon(true);
        watch.start();
        try {
            return work.run();
        } catch (IOException | RuntimeException e) {
            if (timed.end() && !(e instanceof TimedOutException)) {
                throw limit.timedOut(what, e);
            }
            throw e;
        } finally {
            timed.end();
        }
    }

    private synchronized void watch() {
        long leftMillis = millisLeft();
        while (!ended && leftMillis > 0) {
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                return; // Nobody does that.
            }
            leftMillis = millisLeft();
        }
        if (!ended) {
            interrupted = true;
            worker.interrupt();
        }
    }

    private long millisLeft() {
        long leftNanos = limit.left(WaitLimit.FOREVER).toNanos();
        return leftNanos == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(leftNanos) + 1;
    }

    /** Returns whether the thread was interrupted here, and is no longer. */
    private synchronized boolean end() {
        if (!ended && interrupted) {
            Thread.interrupted();
        }
        ended = true;
        notifyAll();
        return interrupted;
    }
}
