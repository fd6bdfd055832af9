// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.exec.CommandSpawner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that runs in place of a saved process, as a child of this process. Safe for use by several threads. */
public final class StartedCommand {

    private final CommandSpawner.Child child;
    private volatile @Nullable ExitStatus ended;

    StartedCommand(CommandSpawner.Child child) {
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
    public synchronized ExitStatus waitFor() throws StandpipeException {
        if (ended == null) {
            ended = ExitStatus.of(child.waitFor());
        }
        return ended;
    }

    /** Asks the command to end (SIGTERM), unless {@link #waitFor} has returned: its pid may be another's from then on. */
    public void destroy() {
        if (ended == null) {
            ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroy);
        }
    }

    /** Ends the command (SIGKILL), and waits for its end. */
    public void kill() {
        if (ended == null) {
            child.kill();
        }
        try {
            waitFor();
        } catch (StandpipeException e) {
            System.getLogger(StartedCommand.class.getName()).log(System.Logger.Level.WARNING, "not waited for: " + pid(), e);
        }
    }
}
