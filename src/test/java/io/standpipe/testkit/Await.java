// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition, by looking again and again. */
public final class Await {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 2_000_000;

    /** A condition that may fail to be told. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Await() {}

    public static void until(String what, Condition condition) {
        until(() -> what, condition);
    }

    /** The same, where what is awaited can only be told at the end. */
    public static void until(Supplier<String> what, Condition condition) {
        long deadline = System.nanoTime() + AT_MOST.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain until " + what.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (Exception e) {
            return false;
        }
    }
}
