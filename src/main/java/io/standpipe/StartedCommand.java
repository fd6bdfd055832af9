// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.exec.ChildProcess;
import java.util.List;

/** A command that runs in place of a saved process, as a child of this process. Safe for use by several threads. */
public final class StartedCommand {

    private final ChildProcess child;

    StartedCommand(ChildProcess child) {
        this.child = child;
    }

    /** Returns the pid of the saved process that the command replaces. */
    public int savedPid() {
        return child.savedPid();
    }

    /** Returns the command's own pid. */
    public int pid() {
        return child.pid();
    }

    /** Returns the program's name and its arguments. */
    public List<String> command() {
        return child.command();
    }

    /**
     * Waits until the command has ended; a thread that waits cannot be interrupted. A command that has ended stays a zombie
     * until this method was called.
     */
    public ExitStatus waitFor() throws StandpipeException {
        return ExitStatus.of(child.waitFor());
    }

    /** Asks the command to end (SIGTERM); does nothing once {@link #waitFor} has returned. */
    public void destroy() {
        child.terminate();
    }

    /** Ends the command (SIGKILL), and waits for its end. */
    public void kill() {
        child.kill();
    }
}
