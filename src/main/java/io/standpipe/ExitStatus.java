// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * How a process ended.
 *
 * @param status what it exited with, 0 if a signal killed it
 * @param signal what killed it, 0 if it exited
 */
public record ExitStatus(int status, int signal) {

    private static final int SIGNAL_MASK = 0x7f;
    private static final int STATUS_SHIFT = 8;
    private static final int STATUS_MASK = 0xff;
    private static final int SIGNALLED = 128;

    /** Takes apart what waitpid told of a process that has ended. */
    static ExitStatus of(int waitStatus) {
        int signal = waitStatus & SIGNAL_MASK;
        return new ExitStatus(signal == 0 ? waitStatus >> STATUS_SHIFT & STATUS_MASK : 0, signal);
    }

    /** Whether a signal killed it. */
    public boolean wasKilled() {
        return signal != 0;
    }

    /** The status as a shell tells it: 128 and the signal's number if one killed it. */
    public int exitStatus() {
        return wasKilled() ? SIGNALLED + signal : status;
    }

    @Override
    public String toString() {
        return wasKilled() ? "killed by signal " + signal : "exit status " + status;
    }
}
