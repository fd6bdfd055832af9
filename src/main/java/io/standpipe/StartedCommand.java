// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that runs in place of a saved process, as a child of this process. Safe for use by several threads. */
public final class StartedCommand {

    private final long savedPid;
    private final int pid;
    private final List<String> command;
    private volatile @Nullable ExitStatus ended;

    StartedCommand(long savedPid, int pid, List<String> command) {
        this.savedPid = savedPid;
        this.pid = pid;
        this.command = List.copyOf(command);
    }

    /** Returns the pid of the saved process that the command replaces. */
    public long savedPid() {
        return savedPid;
    }

    /** Returns the command's own pid. */
    public long pid() {
        return pid;
    }

    /** Returns the program's name and its arguments. */
    public List<String> command() {
        return command;
    }

    /**
     * Waits until the command has ended; a thread that waits cannot be interrupted. A command that has ended stays a zombie
     * until this method was called.
     */
    public synchronized ExitStatus waitFor() throws StandpipeException {
        if (ended == null) {
            try {
                ended = ExitStatus.of(ProcessCalls.waitFor(pid));
            } catch (ErrnoException e) {
                throw Failures.of("command " + command.get(0), e);
            }
        }
        return ended;
    }

    /** Asks the command to end (SIGTERM), unless {@link #waitFor} has returned: its pid may be another's from then on. */
    public void destroy() {
        if (ended == null) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }

    /** Ends the command (SIGKILL), and waits for its end. */
    public void kill() {
        if (ended == null) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        try {
            waitFor();
        } catch (StandpipeException e) {
            System.getLogger(StartedCommand.class.getName()).log(System.Logger.Level.WARNING, "not waited for: " + pid, e);
        }
    }
}
