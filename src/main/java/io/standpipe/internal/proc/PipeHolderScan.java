// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the processes that hold a pipe, among those that this process may look at. A file is asked for its status, which a file
 * system that is gone may never answer, only if its link has the name, or its fd the inode number, of a pipe that is wanted.
 */
public final class PipeHolderScan {

    private static final BitSet NONE = new BitSet();
    static final String RING = "anon_inode:[io_uring]";
    private static final Pattern REGISTERED = Pattern.compile(" +\\d+: (pipe:\\[(\\d+)])");

    /**
     * An fd of a wanted pipe, or of an io_uring with which the pipe is registered.
     *
     * @param thread the process's first one, or another one that has an fd table of its own
     * @param accessMode O_RDONLY 0, O_WRONLY 1 or O_RDWR 2; the last one also for an io_uring, which shows no access mode
     * @param isRing whether the fd is that of an io_uring
     */
    public record Holder(int pid, int thread, int fd, PipeId pipe, int accessMode, boolean isRing) {

        /** Returns what to call it in a message. */
        public String describe() {
            return (thread == pid ? "process " + pid : "thread " + thread + " of process " + pid)
                    + (isRing ? ", registered with its io_uring, descriptor " : ", descriptor ") + fd;
        }
    }

    /**
     * What a scan found.
     *
     * @param holders by pid and fd, ascending
     * @param inaccessibleProcesses how many processes this process may not look at, or has not the fds or memory to look at
     */
    public record Result(List<Holder> holders, int inaccessibleProcesses) {}

    private final Set<PipeId> pipes = new HashSet<>();
    private final Set<Long> inodes = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private final Map<Integer, BitSet> excluded = new HashMap<>();
    private final List<Holder> holders = new ArrayList<>();
    private boolean hasFifos;

    /** Adds an anonymous pipe whose holders are wanted. */
    public void want(PipeId pipe) {
        pipes.add(pipe);
        inodes.add(pipe.ino());
        names.add(name(pipe));
    }

    /**
     * Adds a pipe or FIFO whose holders are wanted.
     *
     * @param link of an fd of it, as /proc has it
     */
    public void want(PipeId pipe, byte[] link) {
        if (link[0] == '/') {
            wantFifo(pipe, link);
        } else {
            want(pipe);
        }
    }

    /**
     * Adds a FIFO whose holders are wanted.
     *
     * @param path by which an fd of the FIFO is known, in bytes of any encoding
     */
    public void wantFifo(PipeId fifo, byte[] path) {
        pipes.add(fifo);
        inodes.add(fifo.ino());
        names.add(lastName(text(path)));
        hasFifos = true;
    }

    private static String name(PipeId pipe) {
        return "pipe:[" + Long.toUnsignedString(pipe.ino()) + "]";
    }

    private static String lastName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Keeps every byte, so that names in any encoding can be compared. */
    private static String text(byte[] path) {
        return new String(path, StandardCharsets.ISO_8859_1);
    }

    /** Excludes fds of a process, or of a thread with an fd table of its own: the caller knows what they are. */
    public void exclude(int task, BitSet fds) {
        excluded.computeIfAbsent(task, none -> new BitSet()).or(fds);
    }

    /** Looks at the fds of all processes. */
    public Result run() throws IOException {
        holders.clear();
        int inaccessible = 0;
        for (int pid : ProcDirectory.pids()) {
            if (!scan(pid)) {
                inaccessible++;
            }
        }
        return new Result(List.copyOf(holders), inaccessible);
    }

    /** Returns whether a holder still has its pipe open; an io_uring counts as one that has. */
    public static boolean isStillOpen(Holder holder) {
        try {
            return holder.isRing() || id(stat(holder.thread(), holder.fd())).equals(holder.pipe());
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns false if the process is inaccessible. */
    private boolean scan(int pid) {
        try {
            List<Integer> threads = ThreadTables.of(pid);
            for (int thread : threads) {
                scan(pid, thread, thread == threads.get(0) ? pid : thread);
            }
            return true;
        } catch (AccessDeniedException e) {
            return hasNoFds(pid);
        } catch (ErrnoException e) {
            return false;
        } catch (IOException e) {
            return true; // The process has ended.
        }
    }

    /** Looks at the fd table that a thread has; the first one's fds are excluded by the pid, others' by their own id. */
    private void scan(int pid, int thread, int task) throws IOException {
        try (Fd directory = FdTable.open(thread)) {
            for (int fd : FdTable.fdsExcept(excluded.getOrDefault(task, NONE), thread, directory)) {
                String link = link(directory, fd);
                if (link != null) {
                    scan(pid, thread, fd, link);
                }
            }
        }
    }

    /** Returns an fd's link; null if the fd was closed, or the process has ended, since the listing. */
    private static @Nullable String link(Fd directory, int fd) throws IOException {
        try {
            return text(PathCalls.readLink(directory.number(), Integer.toString(fd)));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH) {
                return null;
            }
            throw ProcDirectory.translated("descriptor " + fd, e);
        }
    }

    private static boolean hasNoFds(int pid) {
        try {
            ProcessStatus status = ProcessStatus.of(pid);
            return status.isKernelThread() || status.hasEnded();
        } catch (IOException e) {
            return true;
        }
    }

    private void scan(int pid, int thread, int fd, String link) throws IOException {
        try {
            if (link.equals(RING)) {
                addRegistered(pid, thread, fd);
            } else if (mayBeWanted(thread, fd, link)) {
                add(pid, thread, fd);
            }
        } catch (AccessDeniedException | ErrnoException e) {
            throw e;
        } catch (IOException e) {
            return; // The fd was closed, or the process has ended, since the listing.
        }
    }

    /** A FIFO may have another name: then its inode number decides, or, before Linux 5.14, that a name was removed. */
    private boolean mayBeWanted(int thread, int fd, String link) throws IOException {
        if (names.contains(lastName(link))) {
            return true;
        }
        if (!hasFifos || !link.startsWith("/")) {
            return false;
        }
        OptionalLong ino = FdTable.inode(thread, fd);
        return ino.isPresent() ? inodes.contains(ino.getAsLong()) : link.endsWith(" (deleted)");
    }

    /** Adds an fd if the status of its file, and its flags, say that it is an end of a wanted pipe. */
    private void add(int pid, int thread, int fd) throws IOException {
        Map<String, Object> stat = stat(thread, fd);
        PipeId pipe = id(stat);
        if ((number(stat, "mode") & Flags.S_IFMT) != Flags.S_IFIFO || !pipes.contains(pipe)) {
            return;
        }
        int flags = FdTable.flags(thread, fd);
        if ((flags & Flags.O_PATH) == 0) {
            holders.add(new Holder(pid, thread, fd, pipe, flags & Flags.O_ACCMODE, false));
        }
    }

    /** Adds an io_uring for each wanted pipe that is registered with it: it holds the file, and no fd of it. */
    private void addRegistered(int pid, int thread, int fd) throws IOException {
        for (String line : ProcFile.readLines("/proc/" + thread + "/fdinfo/" + fd)) {
            Matcher registered = REGISTERED.matcher(line);
            if (registered.matches() && names.contains(registered.group(1))) {
                long ino = Long.parseUnsignedLong(registered.group(2));
                pipes.stream()
                        .filter(pipe -> pipe.ino() == ino)
                        .forEach(pipe -> holders.add(new Holder(pid, thread, fd, pipe, Flags.O_RDWR, true)));
            }
        }
    }

    private static Map<String, Object> stat(int thread, int fd) throws IOException {
        return Files.readAttributes(Path.of("/proc/" + thread + "/fd/" + fd), "unix:mode,dev,ino");
    }

    private static PipeId id(Map<String, Object> stat) {
        return new PipeId(number(stat, "dev"), number(stat, "ino"));
    }

    private static long number(Map<String, Object> stat, String name) {
        return ((Number) Objects.requireNonNull(stat.get(name))).longValue();
    }
}
