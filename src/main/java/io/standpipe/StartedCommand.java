// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs in place of a saved process, as a child of this process. Safe for use by several threads.
 *
 * @since 0.1
 */
public final class StartedCommand {

    private static final long LOOK_NANOS = 20_000_000;

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
     * Waits until the command has ended. A command that has ended stays a zombie until this method was called.
     *
     * @throws CancelledException if the thread is interrupted; the command goes on
     * @throws StandpipeException if it cannot be waited for
     */
    public ExitStatus waitFor() throws StandpipeException {
        return waitFor(WaitLimit.NONE);
    }

    /**
     * Waits until the command has ended, as {@link #waitFor()} does, but no longer than this.
     *
     * @throws TimedOutException if it has not ended by then; the command goes on
     * @throws CancelledException if the thread is interrupted; the command goes on
     * @throws StandpipeException if it cannot be waited for
     * @throws IllegalArgumentException if the duration is negative
     */
    public ExitStatus waitFor(Duration most) throws StandpipeException {
        return waitFor(WaitLimit.of(WaitLimit.notNegative(most)));
    }

    private ExitStatus waitFor(WaitLimit limit) throws StandpipeException {
        ExitStatus known = ended;
        if (known != null) {
            return known;
        }
        String name = "command " + command.get(0);
        try (Fd process = ProcessCalls.pidfdOpen(pid)) {
            limit.awaitBytes(process.number(), name);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EPERM || e.errno() == Errno.ENOSYS) {
                awaitEndByLooking(limit, name);
            } else if (e.errno() != Errno.ESRCH) {
                throw Failures.of(name, e);
            }
        }
        return reap();
    }

    /** The command runs already, so that a profile or sandbox without pidfd_open must not be what ends this. */
    private void awaitEndByLooking(WaitLimit limit, String name) throws StandpipeException {
        while (ProcessStatus.isAlive(pid)) {
            limit.pause(LOOK_NANOS, name);
        }
    }

    private synchronized ExitStatus reap() throws StandpipeException {
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
            reap();
        } catch (StandpipeException e) {
            System.getLogger(StartedCommand.class.getName()).log(System.Logger.Level.WARNING, "not waited for: " + pid, e);
        }
    }
}
