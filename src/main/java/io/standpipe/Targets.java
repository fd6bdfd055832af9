// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.Arrays;
import java.util.List;

/**
 * Whose pipes are to be saved.
 *
 * @param pids empty for this process's own
 * @param descriptors ascending; null for all
 */
record Targets(List<Integer> pids, int[] descriptors) {

    /** All pipes of other processes. */
    static Targets processes(int... pids) {
        return new Targets(Arrays.stream(pids).boxed().toList(), null);
    }

    /** Chosen descriptors of another process. */
    static Targets process(int pid, int[] descriptors) {
        return new Targets(List.of(pid), descriptors);
    }

    /** Chosen descriptors of this process. */
    static Targets own(int[] descriptors) {
        return new Targets(List.of(), descriptors);
    }

    Sources open() throws StandpipeException {
        Sources sources = new Sources();
        boolean complete = false;
        try {
            if (pids.isEmpty()) {
                sources.add(new OwnDescriptors(descriptors));
            }
            for (int pid : pids) {
                sources.add(ProcessDescriptors.open(pid, descriptors));
            }
            complete = true;
            return sources;
        } finally {
            if (!complete) {
                sources.close();
            }
        }
    }
}
