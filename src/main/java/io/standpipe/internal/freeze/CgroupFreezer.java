// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FrozenTeeBatch;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Freezes the cgroups that processes are in, of version 2 or version 1, and with them whatever else is in those. Nobody is
 * told: neither the processes nor their parents.
 */
public final class CgroupFreezer implements Freezer {

    private final Map<Cgroup, Boolean> ours = new LinkedHashMap<>();
    private final List<Cgroup.OpenFiles> locked = new ArrayList<>();
    /** Of those that are frozen here. */
    private final List<Cgroup.OpenFiles> files = new ArrayList<>();
    private final Map<Integer, StoppableProcess.FdDirectory> tables = new LinkedHashMap<>();
    private final List<Cgroup> pending = new ArrayList<>();
    private @Nullable ThawGuardian guardian;
    private boolean leftStanding;

    @Override
    public List<Integer> prepare(Collection<Integer> pids) throws IOException {
        Cgroup own = ownOrNull();
        List<Integer> there = new ArrayList<>();
        Map<Path, Cgroup> found = new TreeMap<>();
        for (int pid : pids) {
            Cgroup cgroup = Cgroup.of(pid);
            if (cgroup == null || !open(pid)) {
                continue;
            }
            there.add(pid);
            if (own != null && cgroup.contains(own)) {
                throw new StandpipeException("process " + pid + ": this process is in its cgroup " + cgroup.directory()
                        + " too, and would freeze itself; use --freeze stop, or run it in another cgroup");
            }
            found.putIfAbsent(cgroup.directory(), cgroup);
        }
        // In the same order by all who do this: nobody waits for a lock that waits for his.
        for (Cgroup cgroup : found.values()) {
            if (!ours.containsKey(cgroup)) {
                add(cgroup);
            }
        }
        return there;
    }

    /** Returns false if the process has ended. */
    private boolean open(int pid) throws IOException {
        try {
            if (!tables.containsKey(pid)) {
                tables.put(pid, StoppableProcess.FdDirectory.open(pid));
            }
            return true;
        } catch (ErrnoException e) {
            if (ProcessStatus.isAlive(pid)) {
                throw e;
            }
            return false;
        }
    }

    private static @Nullable Cgroup ownOrNull() throws IOException {
        try {
            return Cgroup.of(ProcessCalls.pid());
        } catch (StandpipeException e) {
            return null; // In the root cgroup, which cannot be frozen.
        }
    }

    private void add(Cgroup cgroup) throws IOException {
        if (!Files.isWritable(cgroup.control())) {
            throw cgroup.notWritable(null);
        }
        Cgroup.OpenFiles opened = cgroup.open();
        locked.add(opened);
        StandStill.lock(opened.control(), "cgroup " + cgroup.directory());
        boolean already = cgroup.isFreezing();
        ours.put(cgroup, !already);
        if (!already) {
            if (guardian == null) {
                guardian = new ThawGuardian();
            }
            guardian.freezing(cgroup.thawing(), cgroup.control().toString());
            files.add(opened);
        }
        pending.add(cgroup);
    }

    @Override
    public void rehearse() throws IOException {
        for (Cgroup cgroup : pending) {
            cgroup.moving();
        }
        StandStill.rehearse();
    }

    @Override
    public void freeze() throws IOException {
        for (Cgroup cgroup : pending) {
            if (Boolean.TRUE.equals(ours.get(cgroup))) {
                cgroup.freeze();
            }
        }
        for (Cgroup cgroup : pending) {
            StandStill.await(cgroup);
        }
        pending.clear();
    }

    @Override
    public Captured capture(TeeBatch captures, List<Integer> known) throws IOException {
        for (Cgroup cgroup : pending) {
            if (!Boolean.TRUE.equals(ours.get(cgroup))) {
                StandStill.await(cgroup);
            }
        }
        List<FrozenTeeBatch.Standing> standing = new ArrayList<>();
        tables.forEach((pid, table) -> standing.add(FrozenTeeBatch.Standing.leftAlone(pid, table.fd(), table.count())));
        return Captured.of(
                new FrozenTeeBatch(standing, files.stream().map(Cgroup.OpenFiles::forCapture).toList(), known), captures);
    }

    @Override
    public void thaw() {
        for (Map.Entry<Cgroup, Boolean> entry : ours.entrySet()) {
            if (entry.getValue()) {
                try {
                    entry.getKey().thaw();
                } catch (IOException e) {
                    leftStanding = true;
                    System.getLogger(CgroupFreezer.class.getName()).log(
                            System.Logger.Level.WARNING, "cgroup " + entry.getKey().directory() + " is left to the guardian", e);
                }
                entry.setValue(false);
            }
        }
    }

    @Override
    public void close() {
        thaw();
        locked.forEach(Cgroup.OpenFiles::close);
        tables.values().forEach(StoppableProcess.FdDirectory::close);
        if (guardian != null) {
            guardian.close(!leftStanding);
        }
    }
}
