// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.checkpoint.Inventory.FoundFd;
import io.standpipe.internal.checkpoint.Inventory.FoundProcess;
import io.standpipe.internal.checkpoint.Inventory.FoundTable;
import io.standpipe.internal.checkpoint.OpenPipe.OpenDescription;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.format.ObjectHash;
import io.standpipe.internal.format.Task;
import io.standpipe.internal.pipes.PipeFs;
import io.standpipe.internal.proc.FdKind;
import io.standpipe.internal.proc.FifoPath;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.SignalOwner;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects the pipes of processes, and settles which objects are the same: pipes by {@code st_dev} and {@code st_ino}, open file
 * descriptions and tables by {@code kcmp}. It holds one duplicated fd for each description.
 */
final class DescriptorCollector {

    private final ObjectHash hash = new ObjectHash();
    private final Inventory inventory = new Inventory(new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>());
    private final CollectionNotes notes = new CollectionNotes(inventory.notes());
    private final KcmpSet<FoundProcess> byTable = new KcmpSet<>();
    private final int ownPid = ProcessCalls.pid();
    private final PipeFs pipeFs = new PipeFs();
    private boolean kcmpIsRefused;

    private DescriptorCollector() {}

    /** Collects one process after another. If this fails, no fd is left open. */
    static Inventory collect(Targets.Opened opened) throws StandpipeException {
        DescriptorCollector collector = new DescriptorCollector();
        boolean complete = false;
        try {
            opened.ended().forEach(collector.notes::ended);
            for (DescriptorSource source : opened.sources()) {
                try {
                    collector.collect(source);
                } catch (ProcessEndedException e) {
                    if (!source.isOptional()) {
                        throw e;
                    }
                    collector.notes.ended(e);
                }
            }
            if (collector.inventory.found().isEmpty()) {
                throw new StandpipeException("none of the processes is left: " + String.join("; ", collector.inventory.notes()));
            }
            collector.notes.finish(!collector.inventory.pipes().isEmpty());
            for (OpenPipe pipe : collector.inventory.pipes()) {
                pipe.pollForHangUps();
            }
            complete = true;
            return collector.inventory;
        } catch (ErrnoException e) {
            throw Failures.of("poll of a FIFO", e);
        } finally {
            if (!complete) {
                collector.inventory.close();
            }
        }
    }

    private void collect(DescriptorSource source) throws StandpipeException {
        Task task = source.task();
        int thread = source.thread();
        FoundProcess sharing = sharing(task, thread);
        if (sharing != null) {
            inventory.found().add(new FoundProcess(task, thread, sharing.table()));
            return;
        }
        FoundTable table = new FoundTable(hash.add());
        FoundProcess process = new FoundProcess(task, thread, table);
        inventory.found().add(process);
        byTable.add(process);
        for (int fd : source.fds()) {
            try {
                collect(source, task, fd, table);
            } catch (IOException e) {
                if (!isNotOpen(e)) {
                    throw Failures.of(name(task, fd), e);
                }
                if (source.isSelected()) {
                    throw new StandpipeException(name(task, fd) + ": it is not open", e);
                }
            }
        }
        notes.leftOut(source);
        if (!source.isSelected()) {
            notes.end(task, !table.pipes().isEmpty());
        } else if (table.pipes().isEmpty() && !source.leftOut().isEmpty()) {
            notes.endLeftOut(task, source.leftOut().stream().boxed().toList());
        }
    }

    private static boolean isNotOpen(IOException e) {
        return e instanceof NoSuchFileException || e instanceof ErrnoException call && call.errno() == Errno.EBADF;
    }

    /** Returns a process met before that shares its table with this one (CLONE_FILES). */
    private @Nullable FoundProcess sharing(Task task, int thread) throws StandpipeException {
        while (true) {
            try {
                return byTable.find(met -> ProcessCalls.compareTables(met.thread(), thread));
            } catch (ErrnoException e) {
                if (FileDescriptionCalls.isRefused(e)) {
                    return null; // Two that share a table are saved like two with the same fds.
                }
                if (e.errno() == Errno.ESRCH && !ProcessStatus.isAlive(thread)) {
                    throw new ProcessEndedException(task.pid(), "it has ended", e);
                }
                // One that was met has ended since: it shares no table any more.
                if (e.errno() != Errno.ESRCH || !byTable.removeIf(met -> !ProcessStatus.isAlive(met.thread()))) {
                    throw Failures.of("process " + task.pid(), e);
                }
            }
        }
    }

    private void collect(DescriptorSource source, Task task, int fd, FoundTable table) throws IOException {
        try (Fd copy = source.copy(fd)) {
            Stat stat = Stat.of(copy.number());
            int flags = stat.isFifo() ? FdCalls.statusFlags(copy.number()) : 0;
            if (!stat.isFifo() || (flags & Flags.O_PATH) != 0) {
                checkNotSelected(source, task, fd, stat);
                notes.noPipe(source.thread(), fd, stat.mode());
                table.others().add(fd);
                return;
            }
            boolean closeOnExec = source.isCloseOnExec(fd);
            // Asked before anything is noted, since the process may have closed the fd by now.
            FifoPath path = pipeFs.has(copy.number(), stat.dev()) ? null : path(source, task, fd, stat);
            OpenPipe pipe = pipe(task, fd, stat);
            OpenDescription description = known(pipe, flags, copy);
            if (description == null) {
                Image.Owner owner = owner(copy);
                int objref = hash.add();
                description = new OpenDescription(
                        pipe, objref, flags, Fd.owning(copy.release()), path == null ? null : path.path(), owner);
                pipe.add(description);
                if (path != null && path.unlinked()) {
                    pipe.setUnlinked();
                }
            }
            table.pipes().add(new FoundFd(fd, closeOnExec, description));
        }
    }

    /** Throws if the caller named an fd that is no end of a pipe. */
    private static void checkNotSelected(DescriptorSource source, Task task, int fd, Stat stat) throws IOException {
        if (source.isSelected()) {
            throw new StandpipeException(name(task, fd) + (stat.isFifo()
                    ? ": opened with O_PATH, it names a FIFO and is no end of it; leave it out"
                    : ": not a pipe, but " + FdKind.describe(source.thread(), fd, stat.mode())));
        }
    }

    private static Image.@Nullable Owner owner(Fd copy) throws ErrnoException {
        SignalOwner owner = FdCalls.signalOwner(copy.number());
        int signal = FdCalls.signal(copy.number());
        return owner.id() == 0 && signal == 0 ? null : new Image.Owner(Image.Owner.Type.values()[owner.type()], owner.id(), signal);
    }

    /** Returns a FIFO's path, and whether it was removed. */
    private static FifoPath path(DescriptorSource source, Task task, int fd, Stat stat) throws IOException {
        FifoPath path = FifoPath.of(source.thread(), fd, stat);
        if (path.path()[0] != '/') {
            throw new StandpipeException(name(task, fd) + ": a FIFO whose path is out of reach: " + EscapedPath.of(path.path()));
        }
        return path;
    }

    /** Returns the pipe behind an fd, new if it is met for the first time. */
    private OpenPipe pipe(Task task, int fd, Stat stat) throws IOException {
        int objref = hash.lookupAdd(ObjectHash.Type.INODE, stat.dev(), stat.ino());
        OpenPipe pipe = inventory.pipesByObjref().get(objref);
        if (pipe == null) {
            Image.Inode inode = new Image.Inode(
                    stat.dev(), stat.ino(), Integer.toUnsignedLong(stat.uid()), Integer.toUnsignedLong(stat.gid()), stat.mode());
            pipe = new OpenPipe(objref, task.pid(), fd, inode);
            notes.owner(pipe);
            inventory.pipesByObjref().put(objref, pipe);
        }
        return pipe;
    }

    /** Returns the description that a copy refers to, if it was met before. Only one with the same access mode can be it. */
    private @Nullable OpenDescription known(OpenPipe pipe, int flags, Fd copy) throws ErrnoException {
        int mode = flags & Flags.O_ACCMODE;
        KcmpSet<OpenDescription> met = pipe.met();
        try {
            if (!kcmpIsRefused) {
                return met.find(other -> {
                    int order = Integer.compare(other.accessMode(), mode);
                    return order != 0 ? order : FileDescriptionCalls.compare(ownPid, other.duplicate().number(), copy.number());
                });
            }
        } catch (ErrnoException e) {
            kcmpIsRefused = FileDescriptionCalls.isRefused(e);
            if (!kcmpIsRefused) {
                throw e;
            }
        }
        return met.findUnordered(other ->
                other.accessMode() == mode && FileDescriptionCalls.isSame(other.duplicate().number(), copy.number()) ? 0 : 1);
    }

    private static String name(Task task, int fd) {
        return "descriptor " + fd + " of process " + task.pid();
    }
}
