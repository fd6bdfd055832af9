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
 * The restored fds of one or more processes, by saved pid. A pipe that several processes shared is one pipe here too. All are
 * closed together. Not safe for use by several threads.
 *
 * @since 0.1
 */
public final class RestoredProcesses implements AutoCloseable {

    private final RestoredSet restored;
    private final SortedMap<Long, RestoredPipes> byPid = new TreeMap<>();

    RestoredProcesses(RestoredSet restored) {
        this.restored = restored;
        restored.byPid().forEach((pid, process) -> byPid.put((long) pid, new RestoredPipes(process, restored.deviations())));
    }

    /** Returns the pids that the processes had when they were saved, ascending. */
    public SortedSet<Long> pids() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(byPid.keySet()));
    }

    /**
     * Returns the fds of a process.
     *
     * @param pid that the process had when it was saved
     * @throws NoSuchElementException if none had this pid
     */
    public RestoredPipes process(long pid) {
        RestoredPipes process = byPid.get(pid);
        if (process == null) {
            throw new NoSuchElementException("no process had pid " + pid + "; those restored had " + byPid.keySet());
        }
        return process;
    }

    /** Returns what differs from what was saved, a sentence each. */
    public List<String> deviations() {
        return restored.deviations();
    }

    /** Closes every fd that was not taken; closing sends no signal to this process. */
    @Override
    public void close() {
        restored.close();
    }
}
