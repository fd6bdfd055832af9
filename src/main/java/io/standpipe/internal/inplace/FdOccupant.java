// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.ErrnoException;


import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What has a number of this process. */
public enum FdOccupant {
    NOBODY,
    OURS,
    SOMETHING_ELSE;

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    static FdOccupant of(int number, TrackedFds places) throws ErrnoException {
        if (places.isNamed(number)) {
            return places.occupant(number);
        }
        return FdCalls.isOpen(number) ? SOMETHING_ELSE : NOBODY;
    }

    /** The same, once it is not something else that is there for a moment only. */
    static FdOccupant settled(int number, TrackedFds places) throws StandpipeException, ErrnoException {
        FdOccupant occupant = of(number, places);
        if (occupant == SOMETHING_ELSE) {
            awaitFree(number, () -> of(number, places) != SOMETHING_ELSE);
            occupant = of(number, places);
        }
        return occupant;
    }

    /** What may become true in a moment. */
    interface Condition {
        boolean holds() throws ErrnoException;
    }

    /**
     * Waits a moment for a number to be given up. The JVM itself opens files for an instant whenever it likes, under the lowest
     * number that is free: its compilers ask the control group for its limits, say.
     */
    static void awaitFree(int number, Condition isFree) throws StandpipeException, ErrnoException {
        long start = System.nanoTime();
        while (!isFree.holds()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw taken(number);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** What has the number now, for people. */
    static String describe(int number) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).toString();
        } catch (IOException e) {
            return "nothing";
        }
    }

    static StandpipeException taken(int number) {
        return new StandpipeException("descriptor " + number + ": the number is taken by " + describe(number)
                + "; a restore in place overwrites nothing, and none of the pipes was restored");
    }
}
