// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What is open at an fd of this process, compared with the pipe that was last there. */
enum FdOccupant {
    NOTHING,
    EXPECTED_PIPE,
    SOMETHING_ELSE;

    private static final long TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** @param expected the pipe that was last at the fd, if any */
    static FdOccupant of(int fd, @Nullable PipeId expected) throws ErrnoException {
        Stat stat = new Stat();
        if (!stat.readIfOpen(fd)) {
            return NOTHING;
        }
        return stat.isFifo() && new PipeId(stat.dev(), stat.ino()).equals(expected) ? EXPECTED_PIPE : SOMETHING_ELSE;
    }

    /**
     * Returns what is at an fd, after waiting for something else to go away.
     *
     * @throws StandpipeException if something else stays there
     */
    static FdOccupant settled(int fd, @Nullable PipeId expected) throws StandpipeException, ErrnoException {
        long startNanos = System.nanoTime();
        FdOccupant occupant = of(fd, expected);
        while (occupant == SOMETHING_ELSE) {
            pause(fd, startNanos);
            occupant = of(fd, expected);
        }
        return occupant;
    }

    /**
     * Pauses before one more look at an fd that something else has. The JVM itself opens files for an instant at any time, at
     * the lowest fd that is free: its compilers read the limits of the control group, for example.
     *
     * @param startNanos time of the first look
     * @throws StandpipeException if that was more than half a second ago
     */
    static void pause(int fd, long startNanos) throws StandpipeException {
        if (System.nanoTime() - startNanos > TIMEOUT_NANOS) {
            throw taken(fd);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    /** Returns the path, or the kind, of the file at an fd, for messages. */
    static String describe(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        } catch (IOException e) {
            return "nothing";
        }
    }

    /** Returns the exception for an fd that something else has. */
    static StandpipeException taken(int fd) {
        return new StandpipeException("descriptor " + fd + ": the number is taken by " + describe(fd)
                + "; a restore in place overwrites nothing, and none of the pipes was restored");
    }
}
