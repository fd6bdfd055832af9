// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.image.Image;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Restores the pipes of processes: all or nothing. If anything fails then every descriptor made so far is closed, and every
 * name of a FIFO made so far is gone.
 */
final class Restoring {

    private record Wanted(int process, Image.Descriptor descriptor) {}

    private final List<Image.Process> processes;
    private final Deviations deviations;
    private final List<TreeMap<Integer, Fd>> restored = new ArrayList<>();
    private final Map<Image.Description, Fd> byDescription = new IdentityHashMap<>();

    private Restoring(List<Image.Process> processes, Deviations deviations) {
        this.processes = processes;
        this.deviations = deviations;
    }

    /**
     * Restores all processes of a source. Signals are restored last, since whatever happens to a pipe may send one.
     *
     * @param signals who gets them; null to leave that for {@link RestoredProcesses#restoreSignals}
     */
    static RestoredProcesses restore(
            RestoreSource source, List<Image.Process> processes, RestoreOptions options, SignalTargets signals)
            throws StandpipeException {
        Deviations deviations = new Deviations(options.bestEffort());
        Restoring restoring = new Restoring(processes, deviations);
        FileRestorers restorers = new FileRestorers(source, options, deviations);
        boolean complete = false;
        try {
            restoring.restoreAll(restorers);
            restorers.settle();
            RestoredProcesses result = new RestoredProcesses(processes, restoring.restored, deviations);
            if (signals != null) {
                result.restoreSignals(signals);
            }
            complete = true;
            return result;
        } finally {
            if (!complete) {
                restoring.byDescription.forEach(SignalState::silence);
                restoring.restored.forEach(descriptors -> descriptors.values().forEach(Fd::close));
                restorers.undo();
            }
            restorers.close();
        }
    }

    private void restoreAll(FileRestorers restorers) throws StandpipeException {
        List<Wanted> all = new ArrayList<>();
        for (int i = 0; i < processes.size(); i++) {
            restored.add(new TreeMap<>());
            for (Image.Descriptor descriptor : processes.get(i).table().descriptors()) {
                all.add(new Wanted(i, descriptor));
            }
        }
        // Readers of FIFOs that have met no writer come last: what is opened after them could be one.
        all.sort(Comparator.comparing(wanted -> wanted.descriptor().description().file().hasMetNoWriter()));
        for (Wanted wanted : all) {
            Image.Description description = wanted.descriptor().description();
            Fd first = byDescription.get(description);
            Fd fd = first == null ? restorers.restore(description) : duplicate(first);
            restored.get(wanted.process()).put(wanted.descriptor().number(), fd);
            byDescription.putIfAbsent(description, fd);
        }
    }

    private static Fd duplicate(Fd fd) throws StandpipeException {
        try {
            return DescriptorCalls.duplicate(fd.number());
        } catch (ErrnoException e) {
            throw Failure.of("a second descriptor", e);
        }
    }
}
