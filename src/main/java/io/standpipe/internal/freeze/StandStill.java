// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until something stands still: without sleeping at first, since that is mostly a matter of microseconds. What is waited
 * for implements an interface: a lambda expression takes the JVM longer than the wait when it is met for the first time.
 */
final class StandStill {

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
                throw new StandpipeException(
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

    /**
     * Keeps others away who are to have the same processes stand still: they would let them run again while their standing
     * still is counted on, or take them for stopped by their user. Waits for whoever is at it. The lock is one of a file of
     * /proc or a cgroup that nobody can open who may not have them stand still, and ends when that is closed.
     *
     * @param what is to stand still
     * @throws StandpipeException if that takes too long
     */
    static void lock(Fd file, String what) throws IOException {
        await(new Lock(file.number(), what));
    }

    private record Lock(int fd, String what) implements Awaited {

        /** A kernel that has no locks there is done without. */
        @Override
        public int moving() {
            try {
                return FileCalls.lock(fd) ? 0 : 1;
            } catch (ErrnoException e) {
                return 0;
            }
        }

        @Override
        public String complaint(int moving) {
            return what + ": somebody else is taking a checkpoint of it";
        }
    }
}
