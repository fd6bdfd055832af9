// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.Fd;
import io.standpipe.image.Image;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Restored descriptors of one or more processes, by the pids that they had. A pipe that several of them shared is one pipe
 * here too. Closed together; not safe for use by several threads.
 */
public final class RestoredProcesses implements AutoCloseable {

    private final List<Image.Process> saved;
    private final SortedMap<Integer, RestoredPipes> byPid = new TreeMap<>();
    private final Map<Image.Description, Fd> byDescription;
    private final Deviations deviations;

    RestoredProcesses(
            List<Image.Process> saved, List<TreeMap<Integer, Fd>> descriptors,
            Map<Image.Description, Fd> byDescription, Deviations deviations) {
        this.saved = saved;
        this.byDescription = byDescription;
        this.deviations = deviations;
        for (int i = 0; i < saved.size(); i++) {
            byPid.put(saved.get(i).task().pid(),
                    new RestoredPipes(descriptors.get(i), asynchronous(saved.get(i)), deviations));
        }
    }

    private List<Fd> asynchronous(Image.Process process) {
        List<Fd> found = new ArrayList<>();
        for (Image.Descriptor descriptor : process.table().descriptors()) {
            if (SignalState.isAsync(descriptor.description())) {
                found.add(byDescription.get(descriptor.description()));
            }
        }
        return found;
    }

    void restoreSignals(SignalTargets targets) throws StandpipeException {
        SignalState state = new SignalState(targets, deviations);
        for (Map.Entry<Image.Description, Fd> entry : byDescription.entrySet()) {
            state.restore(entry.getValue(), entry.getKey());
        }
    }

    /** The pids that the processes had when they were saved, ascending. */
    public SortedSet<Integer> pids() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(byPid.keySet()));
    }

    /**
     * The descriptors of a process.
     *
     * @throws NoSuchElementException if none had this pid
     */
    public RestoredPipes process(int pid) {
        RestoredPipes process = byPid.get(pid);
        if (process == null) {
            throw new NoSuchElementException("no process had pid " + pid + "; those restored had " + byPid.keySet());
        }
        return process;
    }

    /** What is not as it was, a sentence each. */
    public List<String> deviations() {
        return deviations.told();
    }

    List<Image.Process> saved() {
        return saved;
    }

    /** Closes every descriptor that was not taken; that sends no signal to this process. */
    @Override
    public void close() {
        byPid.values().forEach(RestoredPipes::close);
    }
}
