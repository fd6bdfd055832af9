// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The process that is replaced: it is asked to end, or to stop, and waited for. */
final class OldProcess {

    private static final int NOTHING = 0;
    static final int SIGKILL = 9;
    static final int SIGCONT = 18;
    static final int SIGSTOP = 19;

    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final char STOPPED = 'T';

    private final HeldEnds ends;
    private final boolean wasStopped;

    OldProcess(HeldEnds ends) throws StandpipeException {
        this.ends = ends;
        wasStopped = isStopped();
    }

    HeldEnds ends() {
        return ends;
    }

    /** Throws if this process may not send it a signal. */
    void checkMaySignal() throws StandpipeException {
        try {
            ProcessCalls.signal(ends.pidfd(), NOTHING);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EPERM) {
                throw Failures.of(ends.process() + " cannot be asked to end", e);
            }
            throw new UnavailableException(ends.process() + " cannot be asked to end: " + Reasons.of(e)
                    + "; run as its user or as root, or allow the call where a seccomp profile forbids it", e);
        }
    }

    /** Sends a signal. One that does not stop a process is taken at once by one that is stopped, too. */
    void signal(int signal) throws StandpipeException {
        try {
            ProcessCalls.signal(ends.pidfd(), signal);
            if (signal != SIGSTOP && wasStopped) {
                ProcessCalls.signal(ends.pidfd(), SIGCONT);
            }
        } catch (ErrnoException e) {
            throw Failures.of(ends.process() + " is to get signal " + signal, e);
        }
    }

    /** Has a process that was stopped for the swap go on. */
    void resume() throws StandpipeException {
        if (!wasStopped) {
            signal(SIGCONT);
        }
    }

    boolean hasEnded() throws StandpipeException {
        return awaitEnd(Duration.ZERO);
    }

    /** Waits until the process has ended; returns false if in vain. */
    boolean awaitEnd(Duration time) throws StandpipeException {
        try {
            return ProcessCalls.awaitEnd(ends.pidfd(), (int) Math.min(Math.max(0, time.toMillis()), Integer.MAX_VALUE));
        } catch (ErrnoException e) {
            throw Failures.of(ends.process(), e);
        }
    }

    /** Waits until the process is stopped, or has ended; returns false if in vain. */
    boolean awaitStop(Duration time) throws StandpipeException {
        long begin = System.nanoTime();
        while (!isStopped() && !hasEnded()) {
            if (System.nanoTime() - begin > time.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }

    private boolean isStopped() throws StandpipeException {
        try {
            return ProcessStatus.of(ends.pid()).state() == STOPPED;
        } catch (IOException e) {
            if (hasEnded()) {
                return false;
            }
            throw Failures.of(ends.process(), e);
        }
    }
}
