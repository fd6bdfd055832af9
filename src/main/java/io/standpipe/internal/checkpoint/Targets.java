// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;
import io.standpipe.internal.jdk.JavaPipeObjects;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.proc.ProcessTree;
import io.standpipe.internal.proc.TargetCheck;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The processes and fds whose pipes are to be saved.
 *
 * @param pids of other processes; empty for this process
 * @param tree whether the descendants of the only pid are included; if that is this process, they are all there is
 * @param handles of processes that the caller named by more than a pid, which another process may have by now
 * @param selection which fds of other processes
 * @param ownFds of this process, ascending
 * @param objects Java objects that stand for fds of this process
 */
public record Targets(
        List<Integer> pids, boolean tree, List<ProcessHandle> handles, Selection selection, int @Nullable [] ownFds,
        @Nullable JavaPipeObjects objects) {

    /**
     * The fds of the targets, opened.
     *
     * @param ended why processes of a tree are left out
     */
    record Opened(List<DescriptorSource> sources, List<ProcessEndedException> ended) implements AutoCloseable {

        @Override
        public void close() {
            sources.forEach(DescriptorSource::close);
        }
    }

    /** Targets all pipes of other processes. */
    public static Targets processes(int... pids) {
        return new Targets(Arrays.stream(pids).boxed().toList(), false, List.of(), Selection.ALL, null, null);
    }

    /** Targets all pipes of another process and of its descendants. */
    public static Targets tree(int root) {
        return new Targets(List.of(root), true, List.of(), Selection.ALL, null, null);
    }

    /** Targets all pipes of this process's descendants. */
    public static Targets descendants() {
        return tree(ProcessCalls.pid());
    }

    /** Targets fds of this process. */
    public static Targets own(int[] fds) {
        return new Targets(List.of(), false, List.of(), Selection.ALL, fds, null);
    }

    /** Targets fds of this process, named by Java objects. */
    public static Targets objects(JavaPipeObjects objects) {
        return new Targets(List.of(), false, List.of(), Selection.ALL, null, objects);
    }

    /** Returns the same processes, each of which must be the one that a handle is of. */
    public Targets knownBy(List<ProcessHandle> known) {
        return new Targets(pids, tree, known, selection, ownFds, objects);
    }

    /** Returns the same processes with another selection of their fds. */
    public Targets with(Selection chosen) {
        return new Targets(pids, tree, handles, chosen, ownFds, objects);
    }

    public boolean isOwn() {
        return pids.isEmpty();
    }

    /** Returns whether the targets are this process's descendants. */
    private boolean isOwnTree() {
        return tree && pids.get(0) == ProcessCalls.pid();
    }

    /** Returns the processes there are now; this process and its descendants are left out of another one's tree. */
    ProcessTree find() throws IOException {
        if (isOwnTree()) {
            ProcessTree found = ProcessTree.below(ProcessCalls.pid());
            if (found.members().isEmpty()) {
                throw new StandpipeException("process " + pids.get(0) + ": this process has no children");
            }
            return found;
        }
        for (int pid : pids) {
            TargetCheck.check(pid);
        }
        if (!tree) {
            return new ProcessTree(pids, List.of());
        }
        ProcessTree found = ProcessTree.of(pids.get(0), ProcessCalls.pid());
        complete(found.members(), pids);
        return found;
    }

    /** Throws if a process that the caller named is not there; one that a tree lost may have ended. */
    List<Integer> complete(List<Integer> there, List<Integer> wanted) throws StandpipeException {
        for (int pid : isOwnTree() ? List.<Integer>of() : tree ? pids : wanted) {
            if (!there.contains(pid)) {
                TargetCheck.check(pid);
                throw new ProcessEndedException(pid, "it has ended", null);
            }
        }
        return there;
    }

    /** Opens the fds of processes. */
    Opened open(List<Integer> processes) throws StandpipeException {
        List<DescriptorSource> sources = new ArrayList<>();
        List<ProcessEndedException> ended = new ArrayList<>();
        boolean complete = false;
        try {
            if (objects != null) {
                sources.add(OwnDescriptors.ofObjects(objects.duplicate()));
            } else if (isOwn()) {
                sources.add(OwnDescriptors.named(Objects.requireNonNull(ownFds)));
            }
            for (int pid : processes) {
                boolean optional = tree && pid != pids.get(0);
                try {
                    sources.addAll(RemoteDescriptors.open(pid, selection, optional));
                } catch (ProcessEndedException e) {
                    if (!optional) {
                        throw e;
                    }
                    ended.add(e);
                }
            }
            checkStillThere();
            Set<Integer> opened = new HashSet<>();
            for (DescriptorSource source : sources) {
                opened.add(source.id());
            }
            selection.checkAmong(opened, "saved");
            complete = true;
            return new Opened(sources, ended);
        } finally {
            if (!complete) {
                sources.forEach(DescriptorSource::close);
            }
        }
    }

    /** Throws if a process has ended that the caller has a handle of: what was opened may be another one with its pid. */
    private void checkStillThere() throws ProcessEndedException {
        for (ProcessHandle handle : handles) {
            if (!handle.isAlive()) {
                throw new ProcessEndedException((int) handle.pid(), "it has ended", null);
            }
        }
    }
}
