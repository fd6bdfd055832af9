// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.OptionalInt;

/**
 * How a process ended.
 *
 * @param status the status it exited with, 0 to 255; empty if a signal killed it
 * @param signal the number of the signal that killed it; empty if it exited
 * @since 0.1
 */
public record ExitStatus(OptionalInt status, OptionalInt signal) {

    private static final int SIGNAL_MASK = 0x7f;
    private static final int STATUS_SHIFT = 8;
    private static final int STATUS_MASK = 0xff;
    private static final int SIGNALLED = 128;

    /** @param waitStatus of a process that has ended, as {@code waitpid} reports it */
    static ExitStatus of(int waitStatus) {
        int signal = waitStatus & SIGNAL_MASK;
        return signal == 0
                ? new ExitStatus(OptionalInt.of(waitStatus >> STATUS_SHIFT & STATUS_MASK), OptionalInt.empty())
                : new ExitStatus(OptionalInt.empty(), OptionalInt.of(signal));
    }

    /** Returns whether a signal killed the process. */
    public boolean wasKilled() {
        return signal.isPresent();
    }

    /** Returns the status as a shell reports it: 128 plus the signal's number if a signal killed the process. */
    public int exitStatus() {
        return wasKilled() ? SIGNALLED + signal.getAsInt() : status.orElseThrow();
    }

    @Override
    public String toString() {
        return wasKilled() ? "killed by signal " + signal.getAsInt() : "exit status " + status.orElseThrow();
    }
}
