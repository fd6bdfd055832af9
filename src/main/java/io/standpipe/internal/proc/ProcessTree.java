// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A process and its descendants.
 *
 * @param members pids, parents before their children
 * @param all the pids of all processes when the tree was found, ascending
 */
public record ProcessTree(List<Integer> members, List<Integer> all) {

    /**
     * Finds a process and its descendants, except for those that have ended.
     *
     * @param excluded a process that is left out with all its descendants, such as the caller's own
     */
    public static ProcessTree of(int root, int excluded) throws IOException {
        List<Integer> all = ProcDirectory.pids();
        Map<Integer, List<Integer>> children = children(all);
        List<Integer> members = new ArrayList<>();
        if (ProcessStatus.isAlive(root) && root != excluded) {
            members.add(root);
        }
        addDescendants(members, children, excluded);
        return new ProcessTree(members, all);
    }

    /**
     * Finds the descendants of this process. A child that shares this process's fds is none that it has started: it is a thread of a
     * kind, such as the one that freezes processes for it.
     *
     * @param self the pid of this process
     */
    public static ProcessTree below(int self) throws IOException {
        List<Integer> all = ProcDirectory.pids();
        Map<Integer, List<Integer>> children = children(all);
        List<Integer> members = new ArrayList<>();
        // Opened when the children are there already: a table that has it is this process's own.
        try (PipeEnds opened = Pipes.pipe2(PipeFlags.O_CLOEXEC)) {
            int fd = opened.readFd();
            byte[] pipe = PathCalls.readLink(link(self, fd));
            for (int child : children.getOrDefault(self, List.of())) {
                if (!leadsTo(pipe, link(child, fd))) {
                    members.add(child);
                }
            }
        }
        addDescendants(members, children, self);
        return new ProcessTree(members, all);
    }

    private static String link(int pid, int fd) {
        return "/proc/" + pid + "/fd/" + fd;
    }

    private static boolean leadsTo(byte[] pipe, String link) {
        try {
            return Arrays.equals(pipe, PathCalls.readLink(link));
        } catch (ErrnoException e) {
            return false; // It has no such fd, has ended, or may not be looked at: what is done to it says which.
        }
    }

    private static Map<Integer, List<Integer>> children(List<Integer> all) throws IOException {
        Map<Integer, List<Integer>> children = new HashMap<>();
        for (int pid : all) {
            addToParent(children, pid);
        }
        return children;
    }

    private static void addDescendants(List<Integer> members, Map<Integer, List<Integer>> children, int excluded) {
        for (int i = 0; i < members.size(); i++) {
            for (int child : children.getOrDefault(members.get(i), List.of())) {
                if (child != excluded) {
                    members.add(child);
                }
            }
        }
    }

    private static void addToParent(Map<Integer, List<Integer>> children, int pid) throws IOException {
        try {
            ProcessStatus status = ProcessStatus.of(pid);
            if (!status.hasEnded()) {
                children.computeIfAbsent(status.parentPid(), parent -> new ArrayList<>()).add(pid);
            }
        } catch (NoSuchFileException | AccessDeniedException e) {
            return; // The process has ended since the listing, or is another user's and hidden.
        } catch (ErrnoException e) {
            // With the mount option hidepid. Any other failure must not make a tree smaller without a word.
            if (e.errno() != Errno.EPERM) {
                throw e;
            }
        }
    }
}
