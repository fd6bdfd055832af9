// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock by which one checkpoint keeps others away that would freeze the same processes: they would thaw them too early, or find them
 * traced. It is one of a file of /proc or a cgroup that only those can open who may freeze, and ends when that file is closed.
 */
final class CheckpointLock {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private CheckpointLock() {}

    /**
     * Waits until nobody else has the lock. A kernel that has no locks there is done without.
     *
     * @param what is to be frozen
     * @throws StandpipeException after ten seconds
     */
    static void acquire(Fd file, String what) throws StandpipeException {
        long began = System.nanoTime();
        try {
            while (!FileCalls.lock(file.number())) {
                if (System.nanoTime() - began > PATIENCE_NANOS) {
                    throw new StandpipeException(what + ": somebody else is taking a checkpoint of it (waited "
                            + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s)");
                }
                LockSupport.parkNanos(STEP_NANOS);
            }
        } catch (ErrnoException e) {
            return; // The files of this /proc cannot be locked.
        }
    }
}
