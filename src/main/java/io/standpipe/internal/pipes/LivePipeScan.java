// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.LivePipe;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.proc.BlockedCalls;
import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.proc.FifoPath;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.proc.PipeLock;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.proc.ThreadTables;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds all pipes and FIFOs that processes hold, and what is in them, from duplicates of the fds. No end is opened, no byte consumed,
 * and no file system asked: of an fd that is no pipe, nothing more is learnt.
 */
public final class LivePipeScan {

    private static final Pattern ANONYMOUS = Pattern.compile("pipe:\\[(\\d+)]");
    private static final int UNKNOWN = -1;

    private static final class Found {
        private @Nullable String path;
        private int capacityBytes = UNKNOWN;
        private int queuedBytes = UNKNOWN;
        private boolean full;
        private boolean readerless;
        private boolean writerless;
        private final List<LivePipe.Holder> holders = new ArrayList<>();

        /** Polls one end, which knows of the other one. */
        private void poll(int fd, int accessMode) throws ErrnoException {
            int events = PipeCalls.poll(fd, Flags.POLLOUT);
            full |= queuedBytes >= capacityBytes || accessMode == Flags.O_WRONLY && (events & Flags.POLLOUT) == 0;
            readerless = accessMode == Flags.O_WRONLY && (events & Flags.POLLERR) != 0;
            writerless = accessMode == Flags.O_RDONLY && (events & Flags.POLLHUP) != 0;
        }

        private LivePipe asLive(PipeId id) {
            return new LivePipe(id.dev(), id.ino(), path, capacityBytes, queuedBytes, full, readerless, writerless, holders);
        }
    }

    /** A process, by the thread whose fd table is looked at. */
    private record Table(ProcessStatus process, int thread, BlockedCalls calls, boolean stopped) {}

    private final Map<PipeId, Found> found = new LinkedHashMap<>();
    private final long pipeFs = PipeFs.device();
    /** The links of pipes that are locked, and so cannot be measured. */
    private final Set<String> locked = new HashSet<>();
    private int inaccessibleProcesses;

    private LivePipeScan() throws StandpipeException {}

    /** Scans all processes but this one. */
    public static LivePipeScan ofOtherProcesses() throws StandpipeException {
        LivePipeScan scan = new LivePipeScan();
        try {
            List<Integer> pids = ProcDirectory.pids().stream().filter(pid -> pid != ProcessCalls.pid()).toList();
            Map<Integer, BlockedCalls> calls = new HashMap<>();
            for (int pid : pids) {
                calls.put(pid, BlockedCalls.of(pid));
                PipeLock.of(pid, calls.get(pid)).forEach(lock -> scan.locked.add(lock.link()));
            }
            for (int pid : pids) {
                scan.scan(pid, Objects.requireNonNull(calls.get(pid)));
            }
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("cannot list the processes: " + e, e);
        }
        return scan;
    }

    /** Scans this process, through its own fds: no other process is looked at, nor need that be allowed. */
    public static LivePipeScan ofThisProcess() throws StandpipeException {
        LivePipeScan scan = new LivePipeScan();
        try {
            ProcessStatus own = ProcessStatus.of(ProcessCalls.pid());
            for (int fd : FdTable.fds(own.pid())) {
                scan.measureIfPipe(new Table(own, own.pid(), BlockedCalls.NONE, false), fd, fd);
            }
        } catch (IOException e) {
            throw new StandpipeException("cannot look at this process's descriptors: " + e, e);
        }
        return scan;
    }

    /** Returns the pipes in the order in which they were found, each with its holders by pid and fd. */
    public List<LivePipe> pipes() {
        return found.entrySet().stream()
                .map(entry -> entry.getValue().asLive(entry.getKey()))
                .toList();
    }

    /** Returns how many processes this process may not look at. */
    public int inaccessibleProcesses() {
        return inaccessibleProcesses;
    }

    private void scan(int pid, BlockedCalls calls) throws IOException {
        try {
            ProcessStatus status = ProcessStatus.of(pid);
            if (status.isKernelThread() || status.hasEnded()) {
                return;
            }
            boolean stopped = status.isStopped();
            for (int thread : ThreadTables.of(pid)) {
                scan(new Table(status, thread, calls, stopped));
            }
        } catch (AccessDeniedException e) {
            inaccessibleProcesses++;
        } catch (ErrnoException e) {
            // What keeps this process from looking, such as a want of fds, must not make the list shorter without a word.
            if (e.errno() != Errno.ESRCH) {
                throw Failures.of("process " + pid, e);
            }
        } catch (IOException e) {
            if (ProcessStatus.isAlive(pid)) {
                throw new StandpipeException("process " + pid + ": cannot look at its descriptors, " + e, e);
            }
        }
    }

    private void scan(Table table) throws IOException {
        int[] fds = FdTable.fds(table.thread());
        try (Fd pidfd = pidfd(table.process().pid(), table.thread())) {
            for (int fd : fds) {
                scan(table, pidfd, fd);
            }
        }
    }

    /** Returns null for a thread that is not the leading one before Linux 6.9, which has no pidfds for these. */
    private static @Nullable Fd pidfd(int pid, int thread) throws ErrnoException {
        try {
            return thread == pid ? ProcessCalls.pidfdOpen(pid) : ProcessCalls.pidfdOpenThread(thread);
        } catch (ErrnoException e) {
            if (thread != pid && e.errno() == Errno.EINVAL) {
                return null;
            }
            throw e;
        }
    }

    private void scan(Table table, @Nullable Fd pidfd, int fd) throws IOException {
        try (Fd duplicate = duplicate(pidfd, fd)) {
            if (duplicate == null || !locked.isEmpty() && locked.contains(PipeLock.link(table.thread(), fd))) {
                addByName(table, fd);
            } else {
                measureIfPipe(table, fd, duplicate.number());
            }
        } catch (NoSuchFileException e) {
            return; // The fd was closed since the listing.
        }
    }

    /** Returns null if the fd may not be duplicated. */
    private static @Nullable Fd duplicate(@Nullable Fd pidfd, int fd) throws IOException {
        try {
            return pidfd == null ? null : ProcessCalls.pidfdGetFd(pidfd.number(), fd);
        } catch (ErrnoException e) {
            switch (e.errno()) {
                case Errno.EPERM:
                    return null;
                case Errno.EBADF:
                    throw new NoSuchFileException("descriptor " + fd, null, e.getMessage());
                default:
                    throw e;
            }
        }
    }

    /** Measures what a duplicate refers to. An fd that is no pipe, or is a FIFO opened with O_PATH, has no capacity: EBADF. */
    private void measureIfPipe(Table table, int fd, int duplicate) throws IOException {
        try {
            measure(table, fd, duplicate);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EBADF) {
                throw e;
            }
        }
    }

    private void measure(Table table, int fd, int duplicate) throws IOException {
        int capacityBytes = Pipes.capacityBytes(duplicate);
        int queuedBytes = Pipes.queuedBytes(duplicate);
        int flags = FdCalls.statusFlags(duplicate);
        Stat stat = Stat.of(duplicate);
        Found pipe = found.computeIfAbsent(new PipeId(stat.dev(), stat.ino()), id -> new Found());
        pipe.capacityBytes = capacityBytes;
        pipe.queuedBytes = queuedBytes;
        pipe.poll(duplicate, flags & Flags.O_ACCMODE);
        if (pipe.path == null && stat.dev() != pipeFs) {
            FifoPath path = FifoPath.of(table.thread(), fd, stat);
            pipe.path = EscapedPath.of(path.path()) + (path.unlinked() ? " (unlinked)" : "");
        }
        addHolder(pipe, table, fd, flags);
    }

    /** Where fds may not be duplicated, the link of an anonymous pipe still names it; that of a FIFO is like any file's. */
    private void addByName(Table table, int fd) throws IOException {
        byte[] link = ProcDirectory.link("/proc/" + table.thread() + "/fd/" + fd);
        Matcher name = ANONYMOUS.matcher(new String(link, StandardCharsets.ISO_8859_1));
        if (name.matches()) {
            PipeId id = new PipeId(pipeFs, Long.parseUnsignedLong(name.group(1)));
            Found pipe = found.computeIfAbsent(id, none -> new Found());
            addHolder(pipe, table, fd, FdTable.flags(table.thread(), fd));
        }
    }

    private static void addHolder(Found pipe, Table table, int fd, int flags) {
        boolean nonBlocking = (flags & Flags.O_NONBLOCK) != 0;
        int accessMode = flags & Flags.O_ACCMODE;
        // A call that moves bytes from one pipe to another waits for the input if that is empty, or else for the output.
        boolean blocked = accessMode != Flags.O_WRONLY && pipe.queuedBytes <= 0 && table.calls().awaitBytes(fd, nonBlocking)
                || accessMode != Flags.O_RDONLY && pipe.queuedBytes != 0 && table.calls().awaitRoom(fd, nonBlocking);
        ProcessStatus process = table.process();
        pipe.holders.add(new LivePipe.Holder(
                process.pid(), table.thread(), process.name(), fd, flags, blocked, table.stopped()));
    }
}
