// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which fds of other processes are saved: those that the caller named, or all but those that the caller left out.
 *
 * @param named by pid, ascending; of a process without an entry all are saved
 * @param leftOut by pid
 */
public record Selection(Map<Integer, int[]> named, Map<Integer, BitSet> leftOut) {

    /** All fds of each process. */
    public static final Selection ALL = new Selection(Map.of(), Map.of());

    /** Returns this selection with fds that are the only ones of a process to be saved. */
    public Selection naming(int pid, int[] fds) {
        Map<Integer, int[]> all = new HashMap<>(named);
        all.put(pid, fds);
        return new Selection(all, leftOut);
    }

    /** Returns this selection without these fds of a process. */
    public Selection leavingOut(int pid, int[] fds) {
        Map<Integer, BitSet> all = new HashMap<>(leftOut);
        BitSet out = (BitSet) leftOut(pid).clone();
        for (int fd : fds) {
            out.set(fd);
        }
        all.put(pid, out);
        return new Selection(named, all);
    }

    /** Returns the only fds of a process to be saved; null for all that are not left out. */
    int @Nullable [] named(int pid) {
        return named.get(pid);
    }

    BitSet leftOut(int pid) {
        return leftOut.getOrDefault(pid, new BitSet());
    }

    private static String text(Set<Integer> pids) {
        return pids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /**
     * Checks that the caller named fds of these processes only.
     *
     * @param done what is done with the processes, such as "saved"
     * @throws IllegalArgumentException if there are fds of another process
     */
    public void checkAmong(Set<Integer> pids, String done) {
        Set<Integer> unknown = new TreeSet<>(named.keySet());
        unknown.addAll(leftOut.keySet());
        unknown.removeAll(pids);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException((unknown.size() == 1 ? "process " : "processes ") + text(unknown)
                    + ": descriptors are named, but " + (unknown.size() == 1 ? "it is" : "they are") + " not among the processes that are "
                    + done + ": " + text(new TreeSet<>(pids)));
        }
    }
}
