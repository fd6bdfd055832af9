// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a condition by evaluating it every two milliseconds, for at most a minute. */
public final class Await {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 2_000_000;

    /** A condition; one that throws does not hold. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Await() {}

    /**
     * Waits until the condition holds; throws an AssertionError after a minute.
     *
     * @param what the condition in words, for the error
     */
    public static void until(String what, Condition condition) {
        until(() -> what, condition);
    }

    /**
     * Waits until the condition holds; throws an AssertionError after a minute.
     *
     * @param what the condition in words, evaluated only for the error
     */
    public static void until(Supplier<String> what, Condition condition) {
        long deadline = System.nanoTime() + AT_MOST.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain until " + what.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** A value that is looked at again and again; one that throws is not there yet. */
    public interface Source<T> {
        T get() throws Exception;
    }

    /** Waits until a value is as it should be, and returns it; throws an AssertionError with the last one after a minute. */
    public static <T> T result(String what, Source<T> source, Predicate<T> condition) {
        AtomicReference<T> result = new AtomicReference<>();
        AtomicReference<Object> last = new AtomicReference<>();
        until(() -> what + ", the last was " + last.get(), () -> {
            try {
                result.set(source.get());
                last.set(result.get());
            } catch (Exception e) {
                last.set(e);
                return false;
            }
            return condition.test(result.get());
        });
        return result.get();
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (Exception e) {
            return false;
        }
    }
}
