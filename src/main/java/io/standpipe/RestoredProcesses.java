// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.format.Image;
import io.standpipe.internal.restore.Deviations;
import io.standpipe.internal.restore.NumberedDescriptors;
import io.standpipe.internal.restore.PidMapping;
import io.standpipe.internal.restore.SignalOwners;


import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
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
    private final Deviations deviations;

    public RestoredProcesses(
            List<Image.Process> saved, List<NumberedDescriptors> descriptors, Deviations deviations) {
        this.saved = saved;
        this.deviations = deviations;
        for (int i = 0; i < saved.size(); i++) {
            byPid.put(saved.get(i).task().pid(), new RestoredPipes(saved.get(i), descriptors.get(i), deviations));
        }
    }

    /** Restores who gets signals: last, since whatever happens to a pipe may send one. */
    public void restoreSignals(PidMapping targets) throws StandpipeException {
        SignalOwners state = new SignalOwners(targets, deviations);
        Set<Image.Description> met = Collections.newSetFromMap(new IdentityHashMap<>());
        for (RestoredPipes process : byPid.values()) {
            process.restoreSignals(state, met);
        }
    }

    /** Closes what belonged to other processes than those named. */
    public void keepOnly(Set<Integer> pids) {
        byPid.forEach((pid, pipes) -> {
            if (!pids.contains(pid)) {
                pipes.close();
            }
        });
        byPid.keySet().retainAll(pids);
    }

    /** Closes this process's descriptors where others have taken them over. */
    public void handedOver() {
        byPid.values().forEach(RestoredPipes::handedOver);
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

    public List<Image.Process> saved() {
        return saved;
    }

    /** Closes every descriptor that was not taken; that sends no signal to this process. */
    @Override
    public void close() {
        byPid.values().forEach(RestoredPipes::close);
    }
}
