// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A child of this process that runs a command in place of a saved process. Safe for use by several threads. */
public final class ChildProcess {

    private final int savedPid;
    private final int pid;
    private final List<String> command;
    /** Set once the child has ended and its pid is free. */
    private volatile @Nullable Integer waitStatus;

    ChildProcess(int savedPid, int pid, List<String> command) {
        this.savedPid = savedPid;
        this.pid = pid;
        this.command = command;
    }

    /** Returns the pid of the saved process that the child replaces. */
    public int savedPid() {
        return savedPid;
    }

    public int pid() {
        return pid;
    }

    /** Returns the program's name and its arguments. */
    public List<String> command() {
        return command;
    }

    /**
     * Waits until the child has ended; a thread that waits cannot be interrupted.
     *
     * @return how the child ended, as {@code waitpid} reports it
     */
    public synchronized int waitFor() throws StandpipeException {
        if (waitStatus == null) {
            try {
                waitStatus = ProcessCalls.waitFor(pid);
            } catch (ErrnoException e) {
                throw Failures.of("command " + command.get(0), e);
            }
        }
        return waitStatus;
    }

    /** Sends SIGTERM, unless {@link #waitFor} has returned: the pid may be another process's from then on. */
    public void terminate() {
        if (waitStatus == null) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }

    /** Sends SIGKILL, and waits for the child's end. */
    public void kill() {
        if (waitStatus == null) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        try {
            waitFor();
        } catch (StandpipeException e) {
            System.getLogger(ChildProcess.class.getName()).log(System.Logger.Level.WARNING, "not waited for: " + pid, e);
        }
    }
}
