// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;
import io.standpipe.internal.jdk.JavaPipeObjects;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.proc.ProcessTree;
import io.standpipe.internal.sys.ProcessCalls;




import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whose pipes are to be saved.
 *
 * @param pids empty for this process's own
 * @param tree whether the descendants of the only pid are meant too
 * @param descriptors ascending; null for all
 * @param objects what stands for descriptors of this process; null where numbers do
 */
public record Targets(List<Integer> pids, boolean tree, int[] descriptors, JavaPipeObjects objects) {

    /** All pipes of other processes. */
    public static Targets processes(int... pids) {
        return new Targets(Arrays.stream(pids).boxed().toList(), false, null, null);
    }

    /** All pipes of another process and its descendants. */
    public static Targets tree(int root) {
        return new Targets(List.of(root), true, null, null);
    }

    /** Chosen descriptors of another process. */
    public static Targets process(int pid, int[] descriptors) {
        return new Targets(List.of(pid), false, descriptors, null);
    }

    /** Chosen descriptors of this process. */
    public static Targets own(int[] descriptors) {
        return new Targets(List.of(), false, descriptors, null);
    }

    /** Descriptors of this process, named by what stands for them. */
    public static Targets objects(JavaPipeObjects objects) {
        return new Targets(List.of(), false, null, objects);
    }

    public boolean isOwn() {
        return pids.isEmpty();
    }

    /** Opens this process's own. */
    DescriptorSource openOwn() throws StandpipeException {
        return objects != null ? new DuplicatedDescriptors(objects.duplicate()) : new OwnDescriptors(descriptors);
    }

    /** The processes, as of now; this one and what it has started are in no tree. */
    ProcessTree find() throws IOException {
        if (!tree) {
            return new ProcessTree(pids, List.of());
        }
        ProcessTree found = ProcessTree.of(pids.get(0), ProcessCalls.pid());
        complete(found.members(), pids);
        return found;
    }

    /** Refuses what leaves out a process that was named; what a tree lost has ended. */
    List<Integer> complete(List<Integer> there, List<Integer> wanted) throws StandpipeException {
        for (int pid : tree ? pids : wanted) {
            if (!there.contains(pid)) {
                throw new ProcessEndedException(
                        pid, ProcessStatus.exists(pid) ? "it has ended" : "there is no such process", null);
            }
        }
        return there;
    }

    /** Opens the sources of processes that were found; the caller closes them. */
    List<DescriptorSource> open(List<Integer> found) throws StandpipeException {
        List<DescriptorSource> sources = new ArrayList<>();
        boolean complete = false;
        try {
            if (isOwn()) {
                sources.add(openOwn());
            }
            for (int pid : found) {
                add(sources, pid, tree && pid != pids.get(0));
            }
            complete = true;
            return sources;
        } finally {
            if (!complete) {
                sources.forEach(DescriptorSource::close);
            }
        }
    }

    private void add(List<DescriptorSource> sources, int pid, boolean optional) throws StandpipeException {
        try {
            sources.add(RemoteDescriptors.open(pid, descriptors, optional));
        } catch (ProcessEndedException e) {
            if (!optional) {
                throw e;
            }
        }
    }
}
