// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.LiveActivity;
import io.standpipe.LivePipe;
import io.standpipe.LiveProcess;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.proc.BlindSpots;
import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.proc.FifoOpeners;
import io.standpipe.internal.proc.FifoPath;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.proc.PipeLock;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.proc.ProcessActivity;
import io.standpipe.internal.proc.ProcessNames;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.proc.ThreadCall;
import io.standpipe.internal.proc.ThreadTables;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.internal.sys.RefusedCall;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds all pipes and FIFOs that processes hold or wait to open, and what is in them, from duplicates of the fds. No end is opened, no
 * byte consumed, and no file system asked: of an fd that is no pipe, nothing more is learnt.
 */
public final class LivePipeScan {

    private static final Pattern ANONYMOUS = Pattern.compile("pipe:\\[(\\d+)]");

    private final Map<PipeId, FoundPipe> found = new LinkedHashMap<>();
    private final long pipeFs = PipeFs.device();
    private final ProcessNames names = new ProcessNames();
    /** The links of pipes that are locked, and so cannot be measured. */
    private final Set<String> locked = new HashSet<>();
    private final List<FifoOpeners.Opener> openers = new ArrayList<>();
    private final List<LiveProcess> unseen = new ArrayList<>();
    private final List<String> hidden = new ArrayList<>(0);

    private LivePipeScan() throws StandpipeException {}

    /** Scans all processes but this one, for all that they hold. */
    public static LivePipeScan ofOtherProcesses() throws StandpipeException {
        return ofOtherProcesses(pid -> true);
    }

    /**
     * Scans all processes but this one, for the pipes of some of them.
     *
     * @param wanted whether the pipes of a process, by its pid, are wanted
     */
    public static LivePipeScan ofOtherProcesses(IntPredicate wanted) throws StandpipeException {
        NativeLibrary.require();
        LivePipeScan scan = new LivePipeScan();
        try {
            List<Integer> pids = ProcDirectory.pids().stream().filter(pid -> pid != ProcessCalls.pid()).toList();
            for (int pid : pids) {
                scan.look(pid, scan::lookAtCalls);
            }
            scan.unseen.clear(); // The fds decide who can be looked at.
            for (int pid : pids) {
                scan.look(pid, scan::scan);
            }
            for (FifoOpeners.Opener opener : scan.openers) {
                scan.look(opener.pid(), process -> scan.add(opener, process));
            }
            scan.hidden.addAll(BlindSpots.hidden());
            scan.found.values().removeIf(pipe -> !pipe.isOfAny(wanted));
            scan.found.values().forEach(FoundPipe::mergeDuplicates);
            SecondLook.at(scan.found.values());
        } catch (IOException e) {
            throw Failures.of("cannot list the processes", e);
        }
        return scan;
    }

    /** Scans this process, through its own fds: no other process is looked at, nor need that be allowed. */
    public static LivePipeScan ofThisProcess() throws StandpipeException {
        NativeLibrary.require();
        LivePipeScan scan = new LivePipeScan();
        try {
            ProcessStatus own = ProcessStatus.of(ProcessCalls.pid());
            ScannedProcess process = new ScannedProcess(own, scan.names, true);
            for (int fd : FdTable.fds(own.pid())) {
                scan.measureIfPipe(process, own.pid(), fd, fd);
            }
        } catch (IOException e) {
            throw Failures.of("cannot look at this process's descriptors", e);
        }
        return scan;
    }

    /** Returns the pipes in the order in which they were found, each with its holders by pid and fd. */
    public List<LivePipe> pipes() {
        return found.values().stream().map(FoundPipe::asLive).toList();
    }

    /** Returns the processes that this one may not look at. */
    public List<LiveProcess> unseen() {
        return unseen;
    }

    /** Returns, in words, the processes of which /proc does not even show how many there are. */
    public List<String> hidden() {
        return hidden;
    }

    private interface Look {
        void at(ProcessStatus process) throws IOException;
    }

    private void look(int pid, Look look) throws IOException {
        ProcessStatus status = null;
        try {
            status = ProcessStatus.of(pid);
            if (!status.isKernelThread() && !status.hasEnded()) {
                look.at(status);
            }
        } catch (AccessDeniedException e) {
            addUnseen(pid, status);
        } catch (ErrnoException e) {
            // What keeps this process from looking, such as a want of fds, must not make the list shorter without a word.
            if (e.errno() == Errno.EPERM && status == null) {
                addUnseen(pid, null); // With the mount option hidepid.
            } else if (e.errno() != Errno.ESRCH) {
                throw Failures.of("process " + pid, e);
            }
        } catch (IOException e) {
            if (ProcessStatus.isAlive(pid)) {
                throw Failures.of("process " + pid + ": cannot look at its descriptors", e);
            }
        }
    }

    private void addUnseen(int pid, @Nullable ProcessStatus status) throws IOException {
        unseen.add(status == null ? new LiveProcess(pid, "", "", OptionalLong.empty(), "", '?', "") : names.name(status));
    }

    /** Finds out, before any pipe is measured, which ones are locked: to measure these would take as long. */
    private void lookAtCalls(ProcessStatus process) throws IOException {
        List<ThreadCall> calls = ThreadCall.of(process);
        PipeLock.of(process.pid(), calls).forEach(lock -> locked.add(lock.link()));
        openers.addAll(FifoOpeners.among(calls));
    }

    private void scan(ProcessStatus status) throws IOException {
        ScannedProcess process = new ScannedProcess(status, names, false);
        for (int thread : ThreadTables.of(status.pid())) {
            int[] fds = FdTable.fds(thread);
            try (Fd pidfd = pidfd(status.pid(), thread)) {
                for (int fd : fds) {
                    scan(process, thread, pidfd, fd);
                }
            }
        }
    }

    /** Returns null where there is none: before Linux 6.9 for a thread that is not the leading one, and where pidfd_open is refused. */
    private static @Nullable Fd pidfd(int pid, int thread) throws ErrnoException {
        try {
            return thread == pid ? ProcessCalls.pidfdOpen(pid) : ProcessCalls.pidfdOpenThread(thread);
        } catch (ErrnoException e) {
            if (thread != pid && e.errno() == Errno.EINVAL || e.errno() == Errno.EPERM || e.errno() == Errno.ENOSYS) {
                return null;
            }
            throw e;
        }
    }

    private void scan(ScannedProcess process, int thread, @Nullable Fd pidfd, int fd) throws IOException {
        try (Fd duplicate = duplicate(pidfd, fd)) {
            boolean isLocked = !locked.isEmpty() && locked.contains(PipeLock.link(thread, fd));
            if (duplicate == null || isLocked) {
                addByName(process, thread, fd, isLocked);
            } else {
                measureIfPipe(process, thread, fd, duplicate.number());
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
                case Errno.ENOSYS:
                    return null;
                case Errno.EBADF:
                    throw new NoSuchFileException("descriptor " + fd, null, e.getMessage());
                default:
                    throw e;
            }
        }
    }

    /** Measures what a duplicate refers to. An fd that is no pipe, or is a FIFO opened with O_PATH, has no capacity. */
    private void measureIfPipe(ScannedProcess process, int thread, int fd, int duplicate) throws IOException {
        int capacityBytes = PipeCalls.capacityBytes(duplicate);
        if (capacityBytes == PipeCalls.NO_PIPE) {
            return;
        }
        Stat stat = Stat.of(duplicate);
        FoundPipe pipe = found(new PipeId(stat.dev(), stat.ino()));
        int flags = pipe.measure(duplicate, capacityBytes);
        if (!pipe.hasPath() && stat.dev() != pipeFs) {
            pipe.setPath(fifoPath(thread, fd, stat));
        }
        addHolder(pipe, process, thread, fd, flags);
    }

    /** Returns the path, and what is to be known of it. A call that is refused must not take all other pipes off the list. */
    private static String fifoPath(int thread, int fd, Stat stat) throws IOException {
        try {
            FifoPath path = FifoPath.of(thread, fd, stat);
            return EscapedPath.of(path.path()) + (path.unlinked() ? " (unlinked)" : "");
        } catch (ErrnoException e) {
            if (!Reasons.call(e).equals("openat2") || RefusedCall.explain(e) == null) {
                throw e;
            }
            return EscapedPath.of(FifoPath.fromRoot("/proc/" + thread + "/", "fd/" + fd)) + " (not looked at: openat2 is refused)";
        }
    }

    private FoundPipe found(PipeId id) {
        return found.computeIfAbsent(id, FoundPipe::new);
    }

    /** Where fds may not be duplicated, the link of an anonymous pipe still names it; that of a FIFO is like any file's. */
    private void addByName(ScannedProcess process, int thread, int fd, boolean isLocked) throws IOException {
        byte[] link = ProcDirectory.link("/proc/" + thread + "/fd/" + fd);
        Matcher name = ANONYMOUS.matcher(new String(link, StandardCharsets.ISO_8859_1));
        if (name.matches()) {
            FoundPipe pipe = found(new PipeId(pipeFs, Long.parseUnsignedLong(name.group(1))));
            if (isLocked) {
                pipe.setLocked();
            }
            addHolder(pipe, process, thread, fd, FdTable.flags(thread, fd));
        }
    }

    private static void addHolder(FoundPipe pipe, ScannedProcess process, int thread, int fd, int flags) throws IOException {
        LiveActivity activity = process.activity(new ProcessActivity.End(fd, flags, pipe.queuedBytes(), pipe.isFull()));
        pipe.add(new LivePipe.Holder(process.named(), thread, fd, flags, activity));
    }

    private void add(FifoOpeners.Opener opener, ProcessStatus process) throws IOException {
        PipeId id = opener.fifo();
        if (id == null) {
            return; // Its name was removed: nobody can become its other end.
        }
        FoundPipe fifo = found(id);
        if (!fifo.hasPath()) {
            fifo.setPath(EscapedPath.of(opener.path()));
        }
        LiveActivity activity = new LiveActivity(LiveActivity.Kind.WAITS_IN_OPEN, opener.thread(), opener.call(), OptionalInt.empty(), null);
        fifo.add(new LivePipe.Opener(names.name(process), opener.accessMode() == Flags.O_WRONLY, activity));
    }
}
