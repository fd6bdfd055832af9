// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.RestoredPipes;
import io.standpipe.RestoredProcesses;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.format.ObjectType;
import io.standpipe.internal.format.ObjrefTable;
import io.standpipe.internal.format.SpareObjrefTable;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;




import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Restores the pipes of processes: all or nothing. If anything fails then every descriptor made so far is closed, and every
 * name of a FIFO made so far is gone.
 */
public final class RestoreOperation {

    private final List<Image.Process> processes;
    private final List<NumberedDescriptors> restored = new ArrayList<>();
    private final ObjrefTable<Object> objects;

    private RestoreOperation(List<Image.Process> processes, ObjrefTable<Object> objects) {
        this.processes = processes;
        this.objects = objects;
        for (Image.Process process : processes) {
            restored.add(new NumberedDescriptors(process.table().descriptors().size()));
        }
    }

    /**
     * Restores all processes of a source. Signals are restored last, since whatever happens to a pipe may send one.
     *
     * @param signals who gets them; null to leave that for {@link RestoredProcesses#restoreSignals}
     */
    public static RestoredProcesses restore(
            PayloadSource source, List<Image.Process> processes, RestoreOptions options, PidMapping signals)
            throws StandpipeException {
        checkRoom(processes);
        ObjrefTable<Object> objects = SpareObjrefTable.take();
        try {
            return restore(source, new RestoreOperation(processes, objects), options, signals);
        } finally {
            SpareObjrefTable.giveBack(objects);
        }
    }

    private static RestoredProcesses restore(
            PayloadSource source, RestoreOperation restoring, RestoreOptions options, PidMapping signals)
            throws StandpipeException {
        Deviations deviations = new Deviations(options.bestEffort());
        FileRestorers restorers = new FileRestorers(source, options, deviations, restoring.objects);
        boolean complete = false;
        try {
            restoring.restoreAll(restorers);
            restorers.settle();
            RestoredProcesses result = new RestoredProcesses(restoring.processes, restoring.restored, deviations);
            if (signals != null) {
                result.restoreSignals(signals);
            }
            complete = true;
            return result;
        } finally {
            if (!complete) {
                restoring.close();
                restorers.undo();
            }
            restorers.close();
        }
    }

    /** Before the first pipe is made. */
    private static void checkRoom(List<Image.Process> processes) throws StandpipeException {
        Set<Image.Pipe> slotted = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Image.Process process : processes) {
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                Image.Pipe pipe = descriptor.description().pipe();
                if (pipe.slots() == null || slotted.add(pipe)) {
                    CapacityRestorer.check(pipe);
                }
            }
        }
    }

    /** Readers of FIFOs that have met no writer come last: what is opened after them could be one. */
    private void restoreAll(FileRestorers restorers) throws StandpipeException {
        if (restoreAll(restorers, false) > 0) {
            restoreAll(restorers, true);
        }
    }

    /**
     * Restores the descriptors that have met a writer, or those that have not.
     *
     * @return how many are left out
     */
    private int restoreAll(FileRestorers restorers, boolean metNoWriter) throws StandpipeException {
        int leftOut = 0;
        for (int i = 0; i < processes.size(); i++) {
            NumberedDescriptors numbered = restored.get(i);
            for (Image.Descriptor descriptor : processes.get(i).table().descriptors()) {
                if (descriptor.description().file().hasMetNoWriter() == metNoWriter) {
                    numbered.add(descriptor.number(), restore(restorers, descriptor.description()));
                } else {
                    leftOut++;
                }
            }
        }
        return leftOut;
    }

    private Fd restore(FileRestorers restorers, Image.Description description) throws StandpipeException {
        Object first = objects.fetch(ObjectType.FILE, description.objref());
        if (first != null) {
            return duplicate((Fd) first);
        }
        Fd fd = restorers.restore(description);
        objects.insert(ObjectType.FILE, description.objref(), fd);
        return fd;
    }

    private static Fd duplicate(Fd fd) throws StandpipeException {
        try {
            return FdCalls.duplicate(fd.number());
        } catch (ErrnoException e) {
            throw Failures.of("a second descriptor", e);
        }
    }

    /** Closes all that was restored so far; that sends no signal to this process. */
    private void close() {
        for (int i = 0; i < processes.size(); i++) {
            RestoredPipes.close(processes.get(i), restored.get(i));
        }
    }
}
