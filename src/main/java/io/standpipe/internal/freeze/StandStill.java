// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until something stands still: without sleeping at first, since that is mostly a matter of microseconds. What is waited
 * for implements an interface: a lambda expression takes the JVM longer than the wait when it is met for the first time.
 */
public final class StandStill {

    /** What is to come to a stand. */
    interface Awaited {

        /** What does not stand still yet, or 0. */
        int moving() throws IOException;

        /** What to say of that if it goes on. */
        String complaint(int moving);
    }

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(300);
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private StandStill() {}

    /** Waits for something that stands still at the second look. */
    static void rehearse() throws IOException {
        await(new Awaited() {
            private int looks;

            @Override
            public int moving() {
                return looks++ < 1 ? 1 : 0;
            }

            @Override
            public String complaint(int moving) {
                return "";
            }
        });
    }

    static void await(Awaited awaited) throws IOException {
        long start = System.nanoTime();
        int moving = awaited.moving();
        while (moving != 0) {
            long waited = System.nanoTime() - start;
            if (waited > PATIENCE_NANOS) {
                throw FreezeException.failed(
                        awaited.complaint(moving) + " (waited " + TimeUnit.NANOSECONDS.toSeconds(waited) + " s)");
            }
            if (waited > SPIN_NANOS) {
                LockSupport.parkNanos(STEP_NANOS);
            } else {
                Thread.onSpinWait();
            }
            moving = awaited.moving();
        }
    }
}
