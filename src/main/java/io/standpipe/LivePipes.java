// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.pipes.PipeFs;
import io.standpipe.internal.proc.BlockedCalls;
import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.proc.FifoPath;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the pipes and FIFOs that other processes hold, as far as this process may look at them. No end is opened, no byte
 * consumed, and no file system asked: of what is no pipe, nothing more is learnt.
 */
public final class LivePipes {

    private static final Pattern ANONYMOUS = Pattern.compile("pipe:\\[(\\d+)]");
    private static final int UNKNOWN = -1;

    /** A pipe that is being found. */
    private static final class Found {
        private String path;
        private int capacityBytes = UNKNOWN;
        private int queuedBytes = UNKNOWN;
        private final List<LivePipe.Holder> holders = new ArrayList<>();
    }

    private final Map<PipeId, Found> found = new LinkedHashMap<>();
    private final long pipeFileSystem;
    private final Stat stat = new Stat();
    private int unseenProcesses;

    private LivePipes() throws StandpipeException {
        pipeFileSystem = PipeFs.device();
    }

    /** Looks at all processes but this one. */
    public static LivePipes find() throws StandpipeException {
        LivePipes pipes = new LivePipes();
        int own = ProcessCalls.pid();
        try {
            for (int pid : ProcDirectory.pids()) {
                if (pid != own) {
                    pipes.lookAt(pid);
                }
            }
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("cannot list the processes: " + e, e);
        }
        return pipes;
    }

    /**
     * Those of this process, the JVM's own among them, with its own descriptors only: a look at any other process is not
     * needed, nor the right to it.
     */
    public static List<LivePipe> ofThisProcess() throws StandpipeException {
        LivePipes pipes = new LivePipes();
        int own = ProcessCalls.pid();
        try {
            for (int number : FdTable.fds(own)) {
                pipes.lookAtOwn(number);
            }
        } catch (IOException e) {
            throw new StandpipeException("cannot look at this process's descriptors: " + e, e);
        }
        return pipes.all();
    }

    private void lookAtOwn(int number) throws IOException {
        ProcessStatus status = ProcessStatus.of(ProcessCalls.pid());
        try {
            measure(status, number, number, BlockedCalls.NONE);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EBADF) {
                throw e;
            }
        }
    }

    /** All that were found. */
    public List<LivePipe> all() {
        return found.entrySet().stream().map(entry -> {
            Found pipe = entry.getValue();
            return new LivePipe(entry.getKey().dev(), entry.getKey().ino(), pipe.path, pipe.capacityBytes,
                    pipe.queuedBytes, pipe.holders);
        }).toList();
    }

    /**
     * Those that any of some processes hold, with all their holders.
     *
     * @throws StandpipeException if there is no such process
     * @throws UnavailableException if one of them is not the caller's to look at
     */
    public List<LivePipe> of(Collection<Integer> pids) throws StandpipeException {
        for (int pid : pids) {
            try {
                FdTable.fds(pid);
            } catch (AccessDeniedException e) {
                throw new UnavailableException(
                        "process " + pid + ": its descriptors may not be looked at; run as its user or as root", e);
            } catch (IOException e) {
                throw new ProcessEndedException(pid, "there is no such process", e);
            }
        }
        return all().stream()
                .filter(pipe -> pipe.holders().stream().anyMatch(holder -> pids.contains(holder.pid())))
                .toList();
    }

    /** How many processes are not the caller's to look at, and may hold ends too. */
    public int unseenProcesses() {
        return unseenProcesses;
    }

    /** What keeps this process from looking is no reason to leave out what it would have found. */
    private void lookAt(int pid) throws IOException {
        try {
            ProcessStatus status = ProcessStatus.of(pid);
            if (status.isKernelThread() || status.hasEnded()) {
                return;
            }
            int[] numbers = FdTable.fds(pid);
            BlockedCalls waiting = BlockedCalls.of(pid);
            try (Fd pidfd = ProcessCalls.pidfdOpen(pid)) {
                for (int number : numbers) {
                    lookAt(status, pidfd, number, waiting);
                }
            }
        } catch (AccessDeniedException e) {
            unseenProcesses++;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ESRCH) {
                throw Failures.of("process " + pid, e);
            }
        } catch (IOException | UncheckedIOException e) {
            if (ProcessStatus.isAlive(pid)) {
                throw new StandpipeException("process " + pid + ": cannot look at its descriptors, " + e, e);
            }
        }
    }

    private void lookAt(ProcessStatus process, Fd pidfd, int number, BlockedCalls waiting) throws IOException {
        try (Fd copy = copy(pidfd, number)) {
            if (copy == null) {
                nameOnly(process, number, waiting);
            } else {
                measure(process, copy.number(), number, waiting);
            }
        } catch (NoSuchFileException e) {
            // Closed since the listing.
            return;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EBADF) {
                throw e;
            }
        }
    }

    /** Null where that is not allowed. */
    private static Fd copy(Fd pidfd, int number) throws ErrnoException {
        try {
            return ProcessCalls.pidfdGetFd(pidfd.number(), number);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EPERM) {
                return null;
            }
            throw e;
        }
    }

    /** A descriptor that is no pipe, or names a FIFO without being an end of it, has no capacity: EBADF. */
    private void measure(ProcessStatus process, int copy, int number, BlockedCalls waiting) throws IOException {
        int capacityBytes = Pipes.capacityBytes(copy);
        int queuedBytes = Pipes.queuedBytes(copy);
        int flags = FdCalls.statusFlags(copy);
        stat.read(copy);
        Found pipe = found.computeIfAbsent(new PipeId(stat.dev(), stat.ino()), key -> new Found());
        pipe.capacityBytes = capacityBytes;
        pipe.queuedBytes = queuedBytes;
        if (pipe.path == null && stat.dev() != pipeFileSystem) {
            pipe.path = path(process.pid(), number);
        }
        pipe.holders.add(new LivePipe.Holder(
                process.pid(), process.name(), number, flags, isBlocked(waiting, number, flags, pipe)));
    }

    private String path(int pid, int number) throws IOException {
        FifoPath path = FifoPath.of(pid, number, stat.dev(), stat.ino());
        return EscapedPath.of(path.path()) + (path.unlinked() ? " (unlinked)" : "");
    }

    /** Where a descriptor may not be copied, an anonymous pipe still has its name, and a FIFO looks like any file. */
    private void nameOnly(ProcessStatus process, int number, BlockedCalls waiting) throws IOException {
        Matcher name = ANONYMOUS.matcher(
                Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/fd/" + number)).toString());
        if (name.matches()) {
            PipeId key = new PipeId(pipeFileSystem, Long.parseUnsignedLong(name.group(1)));
            Found pipe = found.computeIfAbsent(key, none -> new Found());
            int flags = FdTable.flags(process.pid(), number);
            pipe.holders.add(new LivePipe.Holder(
                    process.pid(), process.name(), number, flags, isBlocked(waiting, number, flags, pipe)));
        }
    }

    /** In a call that moves bytes from one pipe to another, it is the empty one, or else the other, that is waited for. */
    private static boolean isBlocked(BlockedCalls waiting, int number, int flags, Found pipe) {
        if ((flags & Flags.O_NONBLOCK) != 0) {
            return false;
        }
        return waiting.readFrom(number) && pipe.queuedBytes <= 0 || waiting.writeTo(number) && pipe.queuedBytes != 0;
    }
}
