// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.proc.KernelLimits;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * The fds of another process, all of them or those that the caller named, duplicated by {@code pidfd_getfd}.
 *
 * @param selected ascending, or null for all
 * @param isOptional whether the process is left out if it has ended
 */
record RemoteDescriptors(int pid, int @Nullable [] selected, boolean isOptional, Fd pidfd, int ownPid)
        implements DescriptorSource {

    static RemoteDescriptors open(int pid, int @Nullable [] selected, boolean optional) throws StandpipeException {
        try {
            return new RemoteDescriptors(pid, selected, optional, ProcessCalls.pidfdOpen(pid), ProcessCalls.pid());
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ESRCH) {
                throw new ProcessEndedException(pid, "there is no such process", e);
            }
            if (e.errno() == Errno.EINVAL) {
                throw new StandpipeException("process " + pid + ": not a process, perhaps a thread of one", e);
            }
            throw Failures.of("process " + pid, e);
        }
    }

    @Override
    public Image.Task task() throws StandpipeException {
        try {
            ProcessStatus status = ProcessStatus.of(pid);
            if (status.hasEnded()) {
                throw ended(null);
            }
            return new Image.Task(pid, status.parentPid(), pid, status.processGroup(), status.session(), 0);
        } catch (IOException e) {
            throw failure("cannot read its status", e);
        }
    }

    @Override
    public int[] fds() throws StandpipeException {
        try {
            return selected != null ? selected.clone() : FdTable.fds(pid);
        } catch (AccessDeniedException e) {
            throw notPermitted(e);
        } catch (IOException e) {
            throw failure("cannot list its descriptors", e);
        }
    }

    private StandpipeException failure(String what, IOException e) {
        if (e instanceof StandpipeException known) {
            return known;
        }
        return e instanceof NoSuchFileException ? ended(e) : new StandpipeException("process " + pid + ": " + what + ", " + e, e);
    }

    private ProcessEndedException ended(@Nullable IOException cause) {
        return new ProcessEndedException(pid, "it has ended", cause);
    }

    @Override
    public boolean isSelected() {
        return selected != null;
    }

    @Override
    public Fd copy(int fd) throws IOException {
        try {
            return ProcessCalls.pidfdGetFd(pidfd.number(), fd);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EPERM) {
                throw notPermitted(e);
            }
            if (e.errno() == Errno.ESRCH) {
                throw ended(e);
            }
            throw e;
        }
    }

    @Override
    public boolean isCloseOnExec(int fd) throws IOException {
        return FdTable.isCloseOnExec(pid, fd);
    }

    @Override
    public boolean isStill(int fd, Fd copy) throws IOException {
        try {
            return FileDescriptionCalls.isSame(pid, fd, ownPid, copy.number());
        } catch (ErrnoException e) {
            if (!FileDescriptionCalls.isRefused(e)) {
                throw e;
            }
        }
        try (Fd another = copy(fd)) {
            return FileDescriptionCalls.isSame(another.number(), copy.number());
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EBADF) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public int count() throws IOException {
        return selected != null ? selected.length : FdTable.count(pid);
    }

    @Override
    public void close() {
        pidfd.close();
    }

    private UnavailableException notPermitted(IOException cause) {
        if (ProcessCalls.refusesGetFd()) {
            return new UnavailableException(
                    "process " + pid + ": its descriptors may not be copied (EPERM); a seccomp profile forbids pidfd_getfd:"
                            + " allow it, or run outside of the container",
                    cause);
        }
        String scope = KernelLimits.limit(KernelLimits.PTRACE_SCOPE).orElse(0) == 0
                ? ""
                : "; " + KernelLimits.PTRACE_SCOPE + " also restricts it: set it to 0, or grant CAP_SYS_PTRACE";
        return new UnavailableException(
                "process " + pid + ": its descriptors may not be copied (EPERM); run as its user or as root" + scope, cause);
    }
}
