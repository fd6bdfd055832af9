// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.Freeze;
import io.standpipe.StandpipeException;
import io.standpipe.TimedOutException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.ProcFile;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FreezeCall;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;

/** What to say when something cannot be frozen: which process, why, and what works instead. */
final class FreezeFailure {

    private FreezeFailure() {}

    /** Returns the exception for a freeze that failed; nothing is frozen any more. */
    static StandpipeException of(Freeze how, int culprit, WaitLimit limit, ErrnoException cause) {
        int pid = culprit == 0 ? 0 : processOf(culprit);
        if (cause.errno() == Errno.ETIMEDOUT) {
            if (limit.isReached()) {
                return limit.timedOut((pid == 0 ? "processes that are" : "process " + pid + ", which is") + " to be frozen", cause);
            }
            return new TimedOutException(whatDoesNotStop(how, pid, culprit) + " did not stop within " + FreezeCall.PATIENCE.toSeconds()
                    + " s, and everything runs again; " + withoutFreezing(), cause);
        }
        if (how == Freeze.PTRACE && (cause.errno() == Errno.EPERM || cause.errno() == Errno.ENOSYS) && pid != 0) {
            return refused(pid, cause);
        }
        if (how == Freeze.STOP && cause.errno() == Errno.EPERM) {
            return new UnavailableException("processes that are to be stopped: they may not be sent a signal (pidfd_send_signal); run as their user or as root, or allow the call where a seccomp profile forbids it", cause);
        }
        return Failures.of("processes that are to be frozen", cause);
    }

    private static String whatDoesNotStop(Freeze how, int pid, int culprit) {
        if (culprit == 0) {
            return how == Freeze.CGROUP ? "a cgroup" : "a process";
        }
        return "process " + pid + ": thread " + culprit + " is in state " + state(pid, culprit) + " and";
    }

    private static StandpipeException refused(int pid, ErrnoException cause) {
        try {
            int tracer = ProcessStatus.tracer(pid);
            if (tracer != 0) {
                return traced(pid, tracer);
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return new PtraceRefusedException("process " + pid + ": it may not be traced, though its descriptors may be copied: by a seccomp profile, or by /proc/sys/kernel/yama/ptrace_scope;"
                + " allow it, " + alternative(pid), cause);
    }

    /** Returns the exception for a process that is traced already. */
    static StandpipeException traced(int pid, int tracer) {
        return new StandpipeException("process " + pid + ": process " + tracer + nameOf(tracer)
                + " traces it, and only one process can; end that, " + alternative(pid));
    }

    private static String nameOf(int pid) {
        try {
            return " (" + ProcessStatus.of(pid).name() + ")";
        } catch (IOException e) {
            return "";
        }
    }

    /** Returns the way of freezing that works for a process, or that none does. */
    private static String alternative(int pid) {
        return FrozenCgroups.canFreeze(pid) ? "or use --freeze cgroup" : "or " + withoutFreezing();
    }

    private static String withoutFreezing() {
        return "use --freeze none, which saves each pipe as of an instant of its own";
    }

    private static int processOf(int thread) {
        try {
            return Integer.parseInt(ProcFile.readField("/proc/" + thread + "/status", "Tgid:"));
        } catch (IOException e) {
            return thread; // It has ended.
        }
    }

    private static String state(int pid, int thread) {
        try {
            return ProcFile.readField("/proc/" + pid + "/task/" + thread + "/status", "State:");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
