// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;


import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A process and all that descend from it.
 *
 * @param members parents first
 * @param all the processes that were there when it was found, ascending
 */
public record ProcessTree(List<Integer> members, List<Integer> all) {

    /**
     * Finds a process and its descendants; those that have ended are left out.
     *
     * @param without left out with all its descendants: the caller's own process, say
     */
    public static ProcessTree of(int root, int without) throws IOException {
        Map<Integer, List<Integer>> children = new HashMap<>();
        List<Integer> all = Processes.all();
        for (int pid : all) {
            add(children, pid);
        }
        List<Integer> tree = new ArrayList<>();
        if (ProcessStatus.isThere(root) && root != without) {
            tree.add(root);
        }
        for (int i = 0; i < tree.size(); i++) {
            for (int child : children.getOrDefault(tree.get(i), List.of())) {
                if (child != without) {
                    tree.add(child);
                }
            }
        }
        return new ProcessTree(tree, all);
    }

    private static void add(Map<Integer, List<Integer>> children, int pid) throws IOException {
        try {
            ProcessStatus status = ProcessStatus.of(pid);
            if (!status.hasEnded()) {
                children.computeIfAbsent(status.parentPid(), parent -> new ArrayList<>()).add(pid);
            }
        } catch (NoSuchFileException e) {
            return; // It has ended since the listing.
        } catch (ErrnoException e) {
            // Others' processes may be hidden (hidepid). What else fails must not make a tree smaller without a word.
            if (e.errno() != Errno.EPERM && e.errno() != Errno.EACCES) {
                throw e;
            }
        }
    }
}
