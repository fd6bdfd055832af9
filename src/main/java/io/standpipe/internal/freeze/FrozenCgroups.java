// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FreezeCall;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.WaitLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The cgroups that processes are in, to be frozen with whatever else is in them; those that are frozen already stay so. */
final class FrozenCgroups implements AutoCloseable {

    private final Set<Path> met = new HashSet<>();
    private final List<Cgroup.OpenFiles> opened = new ArrayList<>();
    private final List<FreezeCall.Cgroup> frozen = new ArrayList<>();
    private int held;

    /** Returns whether the cgroup of a process can be frozen by this process. */
    static boolean canFreeze(int pid) {
        try {
            Cgroup cgroup = Cgroup.of(pid);
            Cgroup own = ownOrNull();
            return cgroup != null && Files.isWritable(cgroup.control()) && (own == null || !cgroup.contains(own));
        } catch (IOException e) {
            return false;
        }
    }

    /** Adds the cgroups of processes, but for those that have ended. */
    void addAll(Collection<Integer> pids, WaitLimit limit) throws IOException {
        Cgroup own = ownOrNull();
        // All checkpoints lock in the same order: none waits for one that waits for it.
        Map<Path, Cgroup> found = new TreeMap<>();
        for (int pid : pids) {
            Cgroup cgroup = Cgroup.of(pid);
            if (cgroup == null) {
                continue;
            }
            if (own != null && cgroup.contains(own)) {
                throw new StandpipeException("process " + pid + ": this process is in its cgroup " + cgroup.directory()
                        + " too, and would freeze itself; use --freeze ptrace, or run it in another cgroup");
            }
            found.putIfAbsent(cgroup.directory(), cgroup);
        }
        for (Cgroup cgroup : found.values()) {
            if (met.add(cgroup.directory())) {
                add(cgroup, limit);
            }
        }
    }

    private void add(Cgroup cgroup, WaitLimit limit) throws IOException {
        if (!Files.isWritable(cgroup.control())) {
            throw cgroup.notWritable(null);
        }
        Cgroup.OpenFiles files = cgroup.open();
        opened.add(files);
        CheckpointLock.acquire(files.control(), "cgroup " + cgroup.directory(), limit);
        if (!cgroup.isFreezing()) {
            frozen.add(files.forCall());
        }
    }

    private static @Nullable Cgroup ownOrNull() throws IOException {
        try {
            return Cgroup.of(ProcessCalls.pid());
        } catch (StandpipeException e) {
            return null; // In the root cgroup, which cannot be frozen.
        }
    }

    /** Returns what is to be frozen. */
    List<FreezeCall.Cgroup> forCall() {
        return frozen;
    }

    /** Returns what is to be frozen and was not returned here before. */
    List<FreezeCall.Cgroup> forCallOfNew() {
        List<FreezeCall.Cgroup> added = List.copyOf(frozen.subList(held, frozen.size()));
        held = frozen.size();
        return added;
    }

    @Override
    public void close() {
        opened.forEach(Cgroup.OpenFiles::close);
    }
}
