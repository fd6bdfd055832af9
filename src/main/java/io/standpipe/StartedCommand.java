// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;


import java.util.List;

/** A command that runs in place of a saved process, as a child of this one. Safe for use by several threads. */
public final class StartedCommand {

    private final int savedPid;
    private final int pid;
    private final List<String> command;
    private volatile ExitStatus ended;

    public StartedCommand(int savedPid, int pid, List<String> command) {
        this.savedPid = savedPid;
        this.pid = pid;
        this.command = command;
    }

    /** The pid of the process that it is there for. */
    public int savedPid() {
        return savedPid;
    }

    /** Its own pid. */
    public int pid() {
        return pid;
    }

    /** The program and its arguments. */
    public List<String> command() {
        return command;
    }

    /** Waits for its end, which cannot be interrupted; at once if it has ended. Until this was called it stays a zombie. */
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

    /** Asks it to end (SIGTERM), unless {@link #waitFor} has told of its end: its pid may be another's by then. */
    public void destroy() {
        if (ended == null) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }

    /** Makes it end, and waits for that. */
    public void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        try {
            waitFor();
        } catch (StandpipeException e) {
            System.getLogger(StartedCommand.class.getName()).log(System.Logger.Level.WARNING, "not waited for: " + pid, e);
        }
    }
}
