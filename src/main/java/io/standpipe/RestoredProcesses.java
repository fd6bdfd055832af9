// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.restore.RestoredSet;


import java.util.Collections;
import java.util.List;
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

    private final RestoredSet restored;
    private final SortedMap<Integer, RestoredPipes> byPid = new TreeMap<>();

    RestoredProcesses(RestoredSet restored) {
        this.restored = restored;
        restored.byPid().forEach((pid, process) -> byPid.put(pid, new RestoredPipes(process, restored.deviations())));
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
        return restored.deviations();
    }

    /** Closes every descriptor that was not taken; that sends no signal to this process. */
    @Override
    public void close() {
        restored.close();
    }
}
