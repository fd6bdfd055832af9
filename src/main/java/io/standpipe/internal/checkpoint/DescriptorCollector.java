// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.format.FileNameRecord;
import io.standpipe.internal.format.ObjectHash;
import io.standpipe.internal.format.ObjectType;
import io.standpipe.internal.format.ObjrefTable;
import io.standpipe.internal.format.OwnerRecord;
import io.standpipe.internal.format.TreeRecord;
import io.standpipe.internal.pipes.PipeFs;
import io.standpipe.internal.proc.FifoPath;
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
import java.util.List;

/**
 * Settles who is who before anything is written: the pipes by {@code st_dev} and {@code st_ino}, the open file
 * descriptions by kcmp. Holds one copy of a descriptor for each description until it is closed.
 */
public final class DescriptorCollector implements AutoCloseable {

    private final ObjectHash hash = new ObjectHash();
    private final ObjrefTable<Object> byObjref = new ObjrefTable<>();
    private final ReusedList<SavedPipe> pipes = new ReusedList<>(SavedPipe::new);
    private final ReusedList<SavedDescription> descriptions = new ReusedList<>(SavedDescription::new);
    private final ReusedList<SavedTable> tables = new ReusedList<>(SavedTable::new);
    private final List<SavedProcess> processes = new ArrayList<>();
    private final KcmpSet<SavedProcess> byTable = new KcmpSet<>();
    private final Stat stat = new Stat();
    private final int ownPid = ProcessCalls.pid();
    private final PipeFs pipeFileSystem = new PipeFs();
    private int unseenProcesses;
    private boolean nameless;

    /** Collects one process after another; then looks at what is to be asked before any end is opened or closed here. */
    public void collect(List<? extends DescriptorSource> sources) throws StandpipeException {
        for (DescriptorSource source : sources) {
            try {
                collect(source);
            } catch (ProcessEndedException e) {
                if (!source.isOptional()) {
                    throw e;
                }
            }
        }
        lookForHangUps();
    }

    private void collect(DescriptorSource source) throws StandpipeException {
        TreeRecord.Task task = source.task();
        SavedTable table = newTable(task);
        if (table == null) {
            return;
        }
        for (int number : source.numbers()) {
            try {
                collect(source, task, number, table);
            } catch (ErrnoException e) {
                if (e.errno() == Errno.EBADF) {
                    vanished(source, task, number, e);
                } else {
                    throw Failures.of(what(task, number), e);
                }
            } catch (NoSuchFileException e) {
                vanished(source, task, number, e);
            } catch (StandpipeException e) {
                throw e;
            } catch (IOException e) {
                throw new StandpipeException(what(task, number) + ": " + e, e);
            }
        }
    }

    /** Adds a process; its table is still empty. Null if it shares one with a process that was met before. */
    private SavedTable newTable(TreeRecord.Task task) throws StandpipeException {
        SavedProcess sharing = sharing(task);
        if (sharing != null) {
            processes.add(new SavedProcess(task, sharing.table()));
            return null;
        }
        SavedTable table = tables.append();
        table.begin(hash.lookupAdd(ObjectType.FILE_TABLE, task.pid(), 0));
        processes.add(new SavedProcess(task, table));
        byTable.add(processes.get(processes.size() - 1));
        return table;
    }

    /** Whether the processes have the descriptors that were collected, and no others; to be asked while they stand still. */
    boolean isAsItWas(List<? extends DescriptorSource> sources) throws StandpipeException {
        if (sources.size() != processes.size()) {
            return false;
        }
        try {
            for (int i = 0; i < sources.size(); i++) {
                if (!isAsItWas(sources.get(i), processes.get(i))) {
                    return false;
                }
            }
            return true;
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            return false; // Then it is found out what that is by collecting anew.
        }
    }

    private boolean isAsItWas(DescriptorSource source, SavedProcess process) throws IOException {
        SavedTable table = process.table();
        if (source.count() != table.descriptors().size() + table.others().size()) {
            return false;
        }
        for (SavedDescriptor descriptor : table.descriptors()) {
            SavedDescription description = descriptor.description();
            if (!source.isStill(descriptor.number(), description.copy())
                    || FdCalls.statusFlags(description.copy().number()) != description.flags()) {
                return false;
            }
        }
        for (int number : table.others()) {
            try (Fd copy = source.copy(number)) {
                if (stat.read(copy.number()).isFifo()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A process met before that shares its table of descriptors with this one (CLONE_FILES), or null. */
    private SavedProcess sharing(TreeRecord.Task task) throws StandpipeException {
        while (true) {
            try {
                return byTable.find(met -> ProcessCalls.compareTables(met.task().pid(), task.pid()));
            } catch (ErrnoException e) {
                if (FileDescriptionCalls.isRefused(e)) {
                    return null; // Two that share one are saved like two with the same descriptors.
                }
                if (e.errno() == Errno.ESRCH && !ProcessStatus.isAlive(task.pid())) {
                    throw new ProcessEndedException(task.pid(), "it has ended", e);
                }
                // One that was met has ended since: it shares no table any more.
                if (e.errno() != Errno.ESRCH || !byTable.removeIf(met -> !ProcessStatus.isAlive(met.task().pid()))) {
                    throw Failures.of("process " + task.pid(), e);
                }
            }
        }
    }

    /** To be asked before any end of a pipe is opened or closed here. */
    private void lookForHangUps() throws StandpipeException {
        try {
            for (SavedDescription description : descriptions) {
                description.lookForHangUp();
            }
        } catch (ErrnoException e) {
            throw Failures.of("poll of a FIFO", e);
        }
    }

    private void collect(DescriptorSource source, TreeRecord.Task task, int number, SavedTable table)
            throws IOException {
        Fd copy = source.copy(number);
        boolean kept = false;
        try {
            stat.read(copy.number());
            if (!isPipe(source, task, number)) {
                table.others().add(number);
                return;
            }
            boolean closeOnExec = source.isCloseOnExec(number);
            int flags = FdCalls.statusFlags(copy.number());
            if ((flags & Flags.O_PATH) != 0) {
                if (source.isSelected()) {
                    throw new StandpipeException(what(task, number)
                            + ": opened with O_PATH, it names a FIFO and is no end of it; leave it out");
                }
                table.others().add(number);
                return;
            }
            // Asked before anything is noted, since the process may have closed it by now.
            FileNameRecord name = pipeFileSystem.has(copy.number(), stat.dev()) ? null : name(task, number);
            SavedPipe pipe =
                    pipe(number, stat.dev(), stat.ino(), stat.uid(), stat.gid(), stat.mode());
            SavedDescription description = known(pipe, flags, copy);
            if (description == null) {
                description = descriptions.append();
                description.begin(
                        hash.lookupAdd(ObjectType.FILE, pipe.descriptions().size(), pipe.objref()), flags, pipe, copy, name);
                pipe.add(description);
                kept = true;
                description.setOwner(owner(copy));
                if (name != null && nameless) {
                    pipe.setNameless();
                }
            }
            table.add(number, closeOnExec, description);
        } finally {
            if (!kept) {
                copy.close();
            }
        }
    }

    /** Whether the descriptor last looked at is to be saved; what was asked for by number and cannot be is refused. */
    private boolean isPipe(DescriptorSource source, TreeRecord.Task task, int number) throws StandpipeException {
        if (!stat.isFifo()) {
            if (source.isSelected()) {
                throw new StandpipeException(what(task, number) + ": not a pipe; its type is "
                        + String.format("0%06o", stat.mode() & Flags.S_IFMT) + ", expected 0010000 (S_IFIFO)");
            }
            return false;
        }
        return true;
    }

    /** Who gets the signals of a description, or null. */
    private OwnerRecord owner(Fd copy) throws ErrnoException {
        SignalOwner owner = FdCalls.signalOwner(copy.number());
        int signal = FdCalls.signal(copy.number());
        return owner.id() == 0 && signal == 0 ? null : new OwnerRecord(owner.type(), owner.id(), signal);
    }

    /** The name of the FIFO last looked at, and whether it has lost it. */
    private FileNameRecord name(TreeRecord.Task task, int number) throws IOException {
        FifoPath path = FifoPath.of(task.pid(), number, stat.dev(), stat.ino());
        if (path.path()[0] != '/') {
            throw new StandpipeException(
                    what(task, number) + ": a FIFO whose path is out of reach: " + EscapedPath.of(path.path()));
        }
        nameless = path.unlinked();
        return new FileNameRecord(path.path());
    }

    /** The pipe with an inode, new if it is met for the first time. */
    private SavedPipe pipe(int number, long dev, long ino, int uid, int gid, int mode) {
        int objref = hash.lookupAdd(ObjectType.INODE, dev, ino);
        if (hash.wasFirst()) {
            SavedPipe met = pipes.append();
            met.begin(objref, number, dev, ino, uid, gid, mode);
            byObjref.insert(ObjectType.INODE, objref, met);
            return met;
        }
        return (SavedPipe) byObjref.fetch(ObjectType.INODE, objref);
    }

    /** The description that a copy refers to, if it was met before. Only one with the same access mode can be it. */
    private SavedDescription known(SavedPipe pipe, int flags, Fd copy) throws ErrnoException {
        int accessMode = flags & Flags.O_ACCMODE;
        try {
            return pipe.find(
                    accessMode, met -> FileDescriptionCalls.compare(ownPid, met.copy().number(), copy.number()));
        } catch (ErrnoException e) {
            if (!FileDescriptionCalls.isRefused(e)) {
                throw e;
            }
            return pipe.findSame(accessMode, met -> FileDescriptionCalls.isSame(met.copy().number(), copy.number()));
        }
    }

    /** What is not there has nothing to save, unless it was asked for. */
    private static void vanished(DescriptorSource source, TreeRecord.Task task, int number, IOException cause)
            throws StandpipeException {
        if (source.isSelected()) {
            throw new StandpipeException(what(task, number) + ": it is not open", cause);
        }
    }

    private static String what(TreeRecord.Task task, int number) {
        return "descriptor " + number + " of process " + task.pid();
    }

    /** In the order in which they were collected. */
    public List<SavedProcess> processes() {
        return processes;
    }

    /** In the order in which they were met. */
    public List<SavedPipe> pipes() {
        return pipes;
    }

    /** How many processes could not be looked at, where it was looked who else holds the pipes. */
    int unseenProcesses() {
        return unseenProcesses;
    }

    void setUnseenProcesses(int count) {
        unseenProcesses = count;
    }

    /** Forgets all that was collected, of which nothing may be asked any more; what it was kept in serves again. */
    void reset() {
        hash.clear();
        byObjref.clear();
        pipes.clear();
        descriptions.clear();
        tables.clear();
        processes.clear();
        byTable.clear();
        unseenProcesses = 0;
    }

    @Override
    public void close() {
        pipes.forEach(SavedPipe::close);
    }
}
