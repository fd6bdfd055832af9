// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.format.Task;
import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.proc.ThreadTables;
import io.standpipe.internal.proc.TraceRefusal;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fds of another process, all of them or those that the caller chose, duplicated by {@code pidfd_getfd}.
 *
 * @param thread by which the fd table is reached
 * @param selected ascending, or null for all
 * @param leftOut those that are not looked at
 * @param isOptional whether the process is left out if it has ended
 * @param pidfd of the process, or of the thread if that is not the leading one
 */
public record RemoteDescriptors(
        int pid, int id, int thread, int @Nullable [] selected, BitSet leftOut, boolean isOptional, Fd pidfd, int ownPid)
        implements DescriptorSource {

    /**
     * Opens the fd tables of a process: one, and one more for each thread that has a table of its own, unless the caller named fds.
     *
     * @param optional whether the process is left out if it has ended
     */
    public static List<DescriptorSource> open(int pid, Selection selection, boolean optional) throws StandpipeException {
        List<DescriptorSource> opened = new ArrayList<>(1);
        int[] selected = selection.named(pid);
        boolean complete = false;
        try {
            List<Integer> threads = ThreadTables.of(pid);
            for (int thread : selected == null ? threads : threads.subList(0, 1)) {
                boolean first = opened.isEmpty();
                int id = first ? pid : thread;
                opened.add(new RemoteDescriptors(
                        pid, id, thread, selected, selection.leftOut(id), optional || !first, pidfd(pid, thread),
                        ProcessCalls.pid()));
            }
            complete = true;
            return opened;
        } catch (AccessDeniedException e) {
            throw notPermitted(pid, optional, e);
        } catch (NoSuchFileException e) {
            throw new ProcessEndedException(pid, "it has ended", e);
        } catch (IOException e) {
            throw Failures.of("process " + pid, e);
        } finally {
            if (!complete) {
                opened.forEach(DescriptorSource::close);
            }
        }
    }

    private static Fd pidfd(int pid, int thread) throws StandpipeException {
        try {
            return thread == pid ? ProcessCalls.pidfdOpen(pid) : ProcessCalls.pidfdOpenThread(thread);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ESRCH) {
                throw new ProcessEndedException(pid, "there is no such process", e);
            }
            if (e.errno() == Errno.EINVAL && thread != pid) {
                throw new UnavailableException("process " + pid + ": thread " + thread + " has the descriptors, since the leading"
                        + " thread has ended or has a table of its own; duplicating them needs Linux 6.9 or later (PIDFD_THREAD)", e);
            }
            throw Failures.of("process " + pid, e);
        }
    }

    @Override
    public Task task() throws StandpipeException {
        try {
            ProcessStatus status = ProcessStatus.of(pid);
            if (status.hasEnded()) {
                throw ended(null);
            }
            return new Task(id, status.parentPid(), pid, status.processGroup(), status.session(), 0);
        } catch (IOException e) {
            throw failure("cannot read its status", e);
        }
    }

    @Override
    public int[] fds() throws StandpipeException {
        try {
            return selected != null
                    ? Arrays.stream(selected).filter(fd -> !leftOut.get(fd)).toArray()
                    : FdTable.fdsExcept(leftOut, thread);
        } catch (AccessDeniedException e) {
            throw notPermitted(pid, isOptional, e);
        } catch (IOException e) {
            throw failure("cannot list its descriptors", e);
        }
    }

    private StandpipeException failure(String what, IOException e) {
        if (e instanceof StandpipeException known) {
            return known;
        }
        return e instanceof NoSuchFileException ? ended(e) : Failures.of("process " + pid + ": " + what, e);
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
                throw notPermitted(pid, isOptional, e);
            }
            if (e.errno() == Errno.ESRCH) {
                throw ended(e);
            }
            throw e;
        }
    }

    @Override
    public boolean isCloseOnExec(int fd) throws IOException {
        return FdTable.isCloseOnExec(thread, fd);
    }

    @Override
    public boolean isStill(int fd, Fd copy) throws IOException {
        try {
            return FileDescriptionCalls.isSame(thread, fd, ownPid, copy.number());
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
        return selected == null && leftOut.isEmpty() ? FdTable.count(thread) : fds().length;
    }

    @Override
    public void close() {
        pidfd.close();
    }

    /** From a process without memory the kernel keeps all but root away, so that one that is about to end is refused like a foreign one. */
    private static StandpipeException notPermitted(int pid, boolean optional, IOException cause) {
        if (ProcessStatus.isEnding(pid)) {
            return new ProcessEndedException(pid, "it has ended", cause);
        }
        return new UnavailableException(
                "process " + pid + ": its descriptors may not be copied" + TraceRefusal.ofCopying(pid)
                        + (optional ? "; or save the other processes of the tree without it, by naming them" : ""),
                cause);
    }
}
