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
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the processes that hold a pipe, among those that this process may look at. A file is asked for its status, which a file
 * system that is gone may never answer, only if its link has the name, or its fd the inode number, of a pipe that is wanted.
 */
public final class PipeHolderScan {

    private static final BitSet NONE = new BitSet();

    /**
     * An fd of a pipe with an inode number that is wanted, on whatever file system.
     *
     * @param accessMode O_RDONLY 0, O_WRONLY 1 or O_RDWR 2
     */
    public record Holder(int pid, int fd, long dev, long ino, int accessMode) {}

    /** Receives each holder that is found. */
    public interface Finder {
        void found(Holder holder);
    }

    private final Finder finder;
    private final Set<String> names = new HashSet<>();
    private final Set<Long> inodes = new HashSet<>();
    private final Map<Integer, BitSet> excluded = new HashMap<>();
    private boolean fifos;

    public PipeHolderScan(Finder finder) {
        this.finder = finder;
    }

    /**
     * Adds a pipe whose holders are to be found.
     *
     * @param link what /proc shows for an fd of the pipe; null for a FIFO whose name is not known
     */
    public void want(@Nullable Path link, long ino) {
        inodes.add(ino);
        fifos |= link == null || link.isAbsolute();
        Path name = link == null ? null : link.getFileName();
        if (name != null) {
            names.add(name.toString());
        }
    }

    /** Excludes fds of a process: the caller knows what they are. */
    public void exclude(int pid, BitSet fds) {
        excluded.computeIfAbsent(pid, none -> new BitSet()).or(fds);
    }

    /**
     * Looks at the fds of all processes.
     *
     * @return how many processes are inaccessible: this process may not look at them, or lacks an fd or memory to do so
     */
    public int find() throws IOException {
        int inaccessible = 0;
        for (int pid : ProcDirectory.pids()) {
            if (!scan(pid)) {
                inaccessible++;
            }
        }
        return inaccessible;
    }

    /** Returns whether a holder of an anonymous pipe still has it open. */
    public static boolean isStillOpen(Holder holder) {
        try {
            byte[] link = PathCalls.readLink("/proc/" + holder.pid() + "/fd/" + holder.fd());
            return new String(link, StandardCharsets.UTF_8)
                    .equals("pipe:[" + Long.toUnsignedString(holder.ino()) + "]");
        } catch (ErrnoException e) {
            return false;
        }
    }

    /** Returns false if the process is inaccessible. */
    private boolean scan(int pid) {
        try (Fd directory = FdTable.open(pid)) {
            for (int fd : FdTable.fdsExcept(excluded.getOrDefault(pid, NONE), pid, directory)) {
                String link = link(directory, fd);
                if (link != null) {
                    scan(pid, fd, link);
                }
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

    /** Returns an fd's link; null if the fd was closed, or the process has ended, since the listing. */
    private static @Nullable String link(Fd directory, int fd) throws IOException {
        try {
            return new String(PathCalls.readLink(directory.number(), Integer.toString(fd)), StandardCharsets.UTF_8);
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

    private void scan(int pid, int fd, String link) throws IOException {
        try {
            if (mayBeWanted(pid, fd, link)) {
                report(pid, fd);
            }
        } catch (AccessDeniedException e) {
            throw e;
        } catch (IOException e) {
            return; // The fd was closed, or the process has ended, since the listing.
        }
    }

    /** A FIFO may have another name: then its inode number decides, or, before Linux 5.14, that a name was removed. */
    private boolean mayBeWanted(int pid, int fd, String link) throws IOException {
        if (names.contains(link.substring(link.lastIndexOf('/') + 1))) {
            return true;
        }
        if (!fifos || !link.startsWith("/")) {
            return false;
        }
        OptionalLong ino = FdTable.inode(pid, fd);
        return ino.isPresent() ? inodes.contains(ino.getAsLong()) : link.endsWith(" (deleted)");
    }

    /** Reports an fd if the status of its file, and its flags, say that it is an end of a wanted pipe. */
    private void report(int pid, int fd) throws IOException {
        Map<String, Object> stat =
                Files.readAttributes(Path.of("/proc/" + pid + "/fd/" + fd), "unix:mode,dev,ino");
        long ino = number(stat, "ino");
        if ((number(stat, "mode") & Flags.S_IFMT) != Flags.S_IFIFO || !inodes.contains(ino)) {
            return;
        }
        int flags = FdTable.flags(pid, fd);
        if ((flags & Flags.O_PATH) == 0) {
            finder.found(new Holder(pid, fd, number(stat, "dev"), ino, flags & Flags.O_ACCMODE));
        }
    }

    private static long number(Map<String, Object> stat, String name) {
        return ((Number) Objects.requireNonNull(stat.get(name))).longValue();
    }
}
