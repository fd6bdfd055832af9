// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;
import io.standpipe.TimedOutException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.concurrent.TimeUnit;

/**
 * A lock by which one checkpoint keeps others away that would freeze the same processes: they would thaw them too early, or find them
 * traced. It is one of a file of /proc or a cgroup that only those can open who may freeze, and ends when that file is closed.
 */
final class CheckpointLock {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private CheckpointLock() {}

    /**
     * Waits until nobody else has the lock, ten seconds if the limit has no timeout. A kernel that has no locks there is done without.
     *
     * @param what is to be frozen
     * @throws StandpipeException at the limit
     */
    static void acquire(Fd file, String what, WaitLimit limit) throws StandpipeException {
        long began = System.nanoTime();
        String waiting = what + ": somebody else is taking a checkpoint of it";
        try {
            while (!FileCalls.lock(file.number())) {
                if (!limit.isTimed() && System.nanoTime() - began > PATIENCE_NANOS) {
                    throw new TimedOutException(waiting + " (waited " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s)");
                }
                limit.pause(STEP_NANOS, waiting);
            }
        } catch (ErrnoException e) {
            return; // The files of this /proc cannot be locked.
        }
    }
}
