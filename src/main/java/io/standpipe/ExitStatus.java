// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * How a process ended.
 *
 * @param status the status it exited with; 0 if a signal killed it
 * @param signal the signal that killed it; 0 if it exited
 */
public record ExitStatus(int status, int signal) {

    private static final int SIGNAL_MASK = 0x7f;
    private static final int STATUS_SHIFT = 8;
    private static final int STATUS_MASK = 0xff;
    private static final int SIGNALLED = 128;

    /** @param waitStatus of a process that has ended, as {@code waitpid} reports it */
    static ExitStatus of(int waitStatus) {
        int signal = waitStatus & SIGNAL_MASK;
        return new ExitStatus(signal == 0 ? waitStatus >> STATUS_SHIFT & STATUS_MASK : 0, signal);
    }

    /** Returns whether a signal killed the process. */
    public boolean wasKilled() {
        return signal != 0;
    }

    /** Returns the status as a shell reports it: 128 plus the signal's number if a signal killed the process. */
    public int exitStatus() {
        return wasKilled() ? SIGNALLED + signal : status;
    }

    @Override
    public String toString() {
        return wasKilled() ? "killed by signal " + signal : "exit status " + status;
    }
}
