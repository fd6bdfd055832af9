// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.Errno;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.ProcessCalls;
import io.standpipe.bridge.SignalOwner;
import io.standpipe.bridge.Stat;
import io.standpipe.image.FileNameRecord;
import io.standpipe.image.OwnerRecord;
import io.standpipe.image.PathText;
import io.standpipe.image.TreeRecord;
import io.standpipe.objhash.ObjectHash;
import io.standpipe.objhash.ObjectType;
import io.standpipe.objhash.ObjrefTable;
import io.standpipe.procfs.FifoPath;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/**
 * Settles who is who before anything is written: the pipes by {@code st_dev} and {@code st_ino}, the open file
 * descriptions by kcmp. Holds one copy of a descriptor for each description until it is closed.
 */
final class Collector implements AutoCloseable {

    private final ObjectHash hash = new ObjectHash();
    private final ObjrefTable<SavedPipe> pipes = new ObjrefTable<>();
    private final List<SavedDescriptor> descriptors = new ArrayList<>();
    private final Stat stat = new Stat();
    private final int ownPid = (int) ProcessHandle.current().pid();
    private final DescriptorSource source;
    private final TreeRecord.Task task;
    private final int tableObjref;
    private final long pipeFileSystem;

    /** @param pipeFileSystem st_dev of anonymous pipes, which tells them from FIFOs */
    Collector(DescriptorSource source, long pipeFileSystem) throws StandpipeException {
        this.source = source;
        this.pipeFileSystem = pipeFileSystem;
        task = source.task();
        tableObjref = hash.lookupAdd(ObjectType.FILE_TABLE, task.pid(), 0);
    }

    void collect() throws StandpipeException {
        for (int number : source.numbers()) {
            try {
                collect(number);
            } catch (ErrnoException e) {
                if (e.errno() == Errno.EBADF) {
                    vanished(number, e);
                } else {
                    throw Failure.of(name(number), e);
                }
            } catch (NoSuchFileException e) {
                vanished(number, e);
            } catch (StandpipeException e) {
                throw e;
            } catch (IOException e) {
                throw new StandpipeException(name(number) + ": " + e, e);
            }
        }
        lookForHangUps();
    }

    /** To be asked before any end of a pipe is opened or closed here. */
    private void lookForHangUps() throws StandpipeException {
        try {
            for (SavedDescriptor descriptor : descriptors) {
                descriptor.description().lookForHangUp();
            }
        } catch (ErrnoException e) {
            throw Failure.of("process " + task.pid(), e);
        }
    }

    private void collect(int number) throws IOException {
        Fd copy = source.copy(number);
        boolean kept = false;
        try {
            stat.read(copy.number());
            if (!isPipe(number)) {
                return;
            }
            boolean closeOnExec = source.isCloseOnExec(number);
            int flags = DescriptorCalls.statusFlags(copy.number());
            if ((flags & Flags.O_PATH) != 0) {
                skipName(number);
                return;
            }
            SavedPipe pipe = pipe();
            SavedDescription description = known(pipe, flags, copy);
            if (description == null) {
                int objref = hash.lookupAdd(ObjectType.FILE, pipe.objref, pipe.descriptions.size());
                description = new SavedDescription(objref, flags, pipe, copy);
                pipe.add(description);
                kept = true;
                describe(description, number);
            }
            descriptors.add(new SavedDescriptor(number, closeOnExec, description));
        } finally {
            if (!kept) {
                copy.close();
            }
        }
    }

    /** Whether the descriptor last looked at is to be saved; what was asked for by number and cannot be is refused. */
    private boolean isPipe(int number) throws StandpipeException {
        if (!stat.isFifo()) {
            if (source.isSelected()) {
                throw new StandpipeException(name(number) + ": not a pipe; its type is "
                        + String.format("0%06o", stat.mode() & Flags.S_IFMT) + ", expected 0010000 (S_IFIFO)");
            }
            return false;
        }
        return true;
    }

    /** A descriptor that only names a FIFO (O_PATH) is no end of it. */
    private void skipName(int number) throws StandpipeException {
        if (source.isSelected()) {
            throw new StandpipeException(
                    name(number) + ": opened with O_PATH, it names a FIFO and is no end of it; leave it out");
        }
    }

    /** What there is to tell of a description beyond its flags. */
    private void describe(SavedDescription description, int number) throws IOException {
        SignalOwner owner = DescriptorCalls.signalOwner(description.copy.number());
        int signal = DescriptorCalls.signal(description.copy.number());
        if (owner.id() != 0 || signal != 0) {
            description.owner = new OwnerRecord(owner.type(), owner.id(), signal);
        }
        if (stat.dev() != pipeFileSystem) {
            FifoPath path = FifoPath.of(task.pid(), number, stat.dev(), stat.ino());
            if (path.path()[0] != '/') {
                throw new StandpipeException(
                        name(number) + ": a FIFO whose path is out of reach: " + PathText.of(path.path()));
            }
            description.name = new FileNameRecord(path.path());
            if (path.nameless()) {
                description.pipe.setNameless();
            }
        }
    }

    private SavedPipe pipe() {
        int objref = hash.lookupAdd(ObjectType.INODE, stat.dev(), stat.ino());
        if (hash.wasFirst()) {
            pipes.insert(ObjectType.INODE, objref, new SavedPipe(objref, stat));
        }
        return pipes.fetch(ObjectType.INODE, objref);
    }

    /** The description that a copy refers to, if it was met before. Only one with the same access mode can be it. */
    private SavedDescription known(SavedPipe pipe, int flags, Fd copy) throws ErrnoException {
        for (SavedDescription met : pipe.descriptions) {
            if (met.accessMode() == (flags & Flags.O_ACCMODE)
                    && ProcessCalls.isSameDescription(ownPid, met.copy.number(), copy.number())) {
                return met;
            }
        }
        return null;
    }

    private void vanished(int number, IOException cause) throws StandpipeException {
        if (source.isSelected()) {
            throw new StandpipeException(name(number) + ": it is not open", cause);
        }
        // Closed between the listing and the look: a descriptor that is not there has nothing to save.
    }

    private String name(int number) {
        return "descriptor " + number + " of process " + task.pid();
    }

    TreeRecord.Task task() {
        return task;
    }

    int tableObjref() {
        return tableObjref;
    }

    List<SavedDescriptor> descriptors() {
        return descriptors;
    }

    int pipeCount() {
        return pipes.size();
    }

    @Override
    public void close() {
        pipes.forEach(SavedPipe::close);
    }
}
