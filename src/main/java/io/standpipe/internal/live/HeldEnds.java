// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.StandpipeException;
import io.standpipe.internal.checkpoint.CollectionNotes;
import io.standpipe.internal.checkpoint.DescriptorSource;
import io.standpipe.internal.checkpoint.RemoteDescriptors;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.proc.FdKind;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.proc.TargetCheck;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Duplicates of the ends of pipes that another process has. As long as they are open, whatever becomes of that process, nobody at
 * the other ends sees an end of file or gets SIGPIPE. Nothing is read or written.
 */
public final class HeldEnds implements AutoCloseable {

    private final int pid;
    private final String name;
    private final Fd pidfd;
    private final Map<Integer, HeldEnd> ends = new TreeMap<>();

    private HeldEnds(int pid, String name, Fd pidfd) {
        this.pid = pid;
        this.name = name;
        this.pidfd = pidfd;
    }

    /**
     * Duplicates the ends.
     *
     * @param what which ones; other files only if they do not serve one program alone, being close-on-exec, or anonymous inodes such as
     *     epoll sets
     * @throws StandpipeException if the process has ended, holds none, or a named fd is not open or no pipe
     * @throws io.standpipe.UnavailableException if its fds may not be duplicated
     */
    public static HeldEnds of(int pid, SwapOptions.Handed what) throws StandpipeException {
        NativeLibrary.require();
        if (pid == ProcessCalls.pid()) {
            throw new IllegalArgumentException("process " + pid + " is this one, which has its own ends already");
        }
        TargetCheck.check(pid);
        HeldEnds held = null;
        List<DescriptorSource> tables = List.of();
        try {
            held = new HeldEnds(pid, ProcessStatus.of(pid).name(), ProcessCalls.pidfdOpen(pid));
            tables = RemoteDescriptors.open(pid, what.selection(), false);
            held.addAll(tables.get(0), what);
            if (ProcessCalls.hasEnded(held.pidfd)) {
                // The pid may be another process's by now, and so may what was duplicated.
                throw new ProcessEndedException(pid, "it has ended", null);
            }
            HeldEnds complete = held;
            held = null;
            return complete;
        } catch (ErrnoException e) {
            throw e.errno() == Errno.ESRCH
                    ? new ProcessEndedException(pid, "it has ended", e) : Failures.of("process " + pid, e);
        } catch (IOException e) {
            throw ProcessStatus.isAlive(pid) ? Failures.of("process " + pid, e) : new ProcessEndedException(pid, "it has ended", e);
        } finally {
            tables.forEach(DescriptorSource::close);
            if (held != null) {
                held.close();
            }
        }
    }

    private void addAll(DescriptorSource table, SwapOptions.Handed what) throws IOException {
        checkLeftOut(table, what);
        for (int fd : table.fds()) {
            HeldEnd end = end(table, fd);
            if (end == null) {
                continue;
            }
            boolean isStream = what.streams().contains(fd) && !table.isSelected();
            if (end.pipe() != null || isStream || what.files() && (table.isSelected() || isForOthersToo(table, end))) {
                ends.put(fd, end);
                continue;
            }
            end.duplicate().close();
            if (table.isSelected()) {
                throw new StandpipeException("descriptor " + fd + " of process " + pid + ": expected a pipe or FIFO, but it is "
                        + FdKind.describe(pid, fd, FdKind.UNKNOWN_MODE));
            }
        }
        if (ends.values().stream().noneMatch(end -> end.pipe() != null)) {
            throw new StandpipeException("process " + pid + " (" + name + ") holds no pipe or FIFO that is to be held");
        }
    }

    /** Throws if leaving out an fd changes nothing: another number was meant, and what comes next is not undone. */
    private void checkLeftOut(DescriptorSource table, SwapOptions.Handed what) throws IOException {
        for (int fd : table.leftOut().stream().toArray()) {
            HeldEnd end = end(table, fd);
            if (end == null) {
                throw new StandpipeException(CollectionNotes.notOpen(fd, pid));
            }
            end.duplicate().close();
            if (end.pipe() == null && !what.files() && !what.streams().contains(fd)) {
                throw new StandpipeException("descriptor " + fd + " of process " + pid + " was to be left out, and is not a pipe, but "
                        + FdKind.describe(pid, fd, FdKind.UNKNOWN_MODE));
            }
        }
    }

    /** Returns null if the fd was closed since the listing. */
    private @Nullable HeldEnd end(DescriptorSource table, int fd) throws IOException {
        Fd duplicate;
        try {
            duplicate = table.copy(fd);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EBADF) {
                throw e;
            }
            if (table.isSelected()) {
                throw new StandpipeException("descriptor " + fd + " of process " + pid + ": it is not open", e);
            }
            return null;
        }
        boolean kept = false;
        try {
            int flags = FdCalls.statusFlags(duplicate.number());
            Stat stat = Stat.of(duplicate.number());
            boolean isPipe = stat.isFifo() && (flags & Flags.O_PATH) == 0;
            kept = true;
            return new HeldEnd(fd, duplicate, isPipe ? new PipeId(stat.dev(), stat.ino()) : null, flags);
        } finally {
            if (!kept) {
                duplicate.close();
            }
        }
    }

    private static boolean isForOthersToo(DescriptorSource table, HeldEnd end) throws IOException {
        // An anonymous inode is of no type.
        return (Stat.of(end.duplicate().number()).mode() & Flags.S_IFMT) != 0 && !table.isCloseOnExec(end.fd());
    }

    /** Returns the process's pid. */
    public int pid() {
        return pid;
    }

    /** Returns what to call the process in a message. */
    public String process() {
        return "process " + pid + " (" + name.replaceAll("[^ -~]", "?") + ")";
    }

    /** Returns whether the process is one that does nothing but hold ends. */
    boolean isHolder() {
        return name.equals(Holder.NAME);
    }

    Fd pidfd() {
        return pidfd;
    }

    Collection<HeldEnd> ends() {
        return ends.values();
    }

    /** Returns the fds of the process, each with the number of its duplicate here, ascending. */
    public Map<Integer, Integer> placement() {
        Map<Integer, Integer> placement = new TreeMap<>();
        ends.forEach((fd, end) -> placement.put(fd, end.duplicate().number()));
        return placement;
    }

    /**
     * Returns the duplicate of an fd of the process, which this object owns.
     *
     * @throws IllegalArgumentException if it is not held
     */
    public Fd duplicate(int fd) {
        HeldEnd end = ends.get(fd);
        if (end == null) {
            throw new IllegalArgumentException("descriptor " + fd + " is not held, but " + ends.keySet());
        }
        return end.duplicate();
    }

    @Override
    public void close() {
        Fd.closeAll(ends.values().stream().map(HeldEnd::duplicate).toList());
        pidfd.close();
    }
}
