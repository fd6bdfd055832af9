// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.Freeze;
import io.standpipe.internal.proc.CgroupDirectory;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.FreezeCall;
import io.standpipe.internal.sys.FreezeCall.How;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * A process that is to be frozen. Whether it can be is found out before anything is frozen.
 *
 * @param pidfd for a freeze by signals; else null
 * @param fds its directory of fds, null where that may not be opened; locked, so that other checkpoints of the process wait
 * @param fdCount how many fds it has; -1 if unknown
 */
record FrozenProcess(int pid, How how, @Nullable Fd pidfd, @Nullable Fd fds, long fdCount) implements AutoCloseable {

    private static final int NONE = -1;

    /** Looks whether a process can be frozen; returns null if it has ended. */
    static @Nullable FrozenProcess open(int pid, Freeze freeze, WaitLimit limit) throws IOException {
        try {
            ProcessStatus status = ProcessStatus.of(pid);
            if (status.hasEnded()) {
                return null;
            }
            Fd fds = openFds(pid);
            boolean complete = false;
            try {
                if (fds != null) {
                    CheckpointLock.acquire(fds, "process " + pid, limit);
                }
                FrozenProcess process = of(status, freeze, fds);
                complete = true;
                return process;
            } finally {
                if (!complete && fds != null) {
                    fds.close();
                }
            }
        } catch (NoSuchFileException e) {
            return null;
        } catch (ErrnoException e) {
            // What /proc reports of a process that ends just now is an error in many ways.
            if (ProcessStatus.isAlive(pid)) {
                throw e;
            }
            return null;
        }
    }

    private static FrozenProcess of(ProcessStatus status, Freeze freeze, @Nullable Fd fds) throws IOException {
        int pid = status.pid();
        long size = fds == null ? 0 : Stat.of(fds.number()).sizeBytes();
        long count = size > 0 ? size : NONE;
        if (freeze == Freeze.CGROUP || CgroupDirectory.isFrozenByV1(status)) {
            return new FrozenProcess(pid, How.NOT_AT_ALL, null, fds, count);
        }
        int tracer = ProcessStatus.tracer(pid);
        if (tracer != 0) {
            throw FreezeFailure.traced(pid, tracer);
        }
        if (freeze == Freeze.PTRACE) {
            return new FrozenProcess(pid, How.TRACE, null, fds, count);
        }
        How how = status.state() == 'T' ? How.NOT_AT_ALL : How.SIGNAL;
        return new FrozenProcess(pid, how, ProcessCalls.pidfdOpen(pid), fds, count);
    }

    private static @Nullable Fd openFds(int pid) throws ErrnoException {
        try {
            return FileCalls.open(
                    FileCalls.CURRENT_DIRECTORY, "/proc/" + pid + "/fd", Flags.O_RDONLY | Flags.oDirectory(), 0);
        } catch (ErrnoException e) {
            // Not this user's to look at: the copying of its fds reports that.
            if (e.errno() == Errno.EACCES) {
                return null;
            }
            throw e;
        }
    }

    FreezeCall.Process forCall() {
        return new FreezeCall.Process(
                pid, pidfd == null ? NONE : pidfd.number(), how, fds == null ? NONE : fds.number(), fdCount);
    }

    @Override
    public void close() {
        if (pidfd != null) {
            pidfd.close();
        }
        if (fds != null) {
            fds.close();
        }
    }
}
