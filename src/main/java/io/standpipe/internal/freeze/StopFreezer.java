// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.internal.sys.FrozenTeeBatch;
import io.standpipe.internal.sys.TeeBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Freezes by SIGSTOP, and thaws by SIGCONT. The parents of what is stopped may notice: a shell tells of a stopped job. */
public final class StopFreezer implements Freezer {

    private final Map<Integer, StoppableProcess> prepared = new LinkedHashMap<>();
    private final List<StoppableProcess> pending = new ArrayList<>();
    private @Nullable ThawGuardian guardian;
    private boolean leftStanding;

    @Override
    public List<Integer> prepare(Collection<Integer> pids) throws IOException {
        // In the same order by all who do this: nobody waits for a lock that waits for his.
        for (int pid : new TreeSet<>(pids)) {
            if (!prepared.containsKey(pid)) {
                prepare(pid);
            }
        }
        return pids.stream().filter(prepared::containsKey).toList();
    }

    private void prepare(int pid) throws IOException {
        StoppableProcess process = StoppableProcess.open(pid);
        if (process != null) {
            prepared.put(pid, process);
            if (!process.isStopped()) {
                guardian().stopping(pid);
                pending.add(process);
            }
        }
    }

    private ThawGuardian guardian() throws IOException {
        if (guardian == null) {
            guardian = new ThawGuardian();
        }
        return guardian;
    }

    @Override
    public void rehearse() throws IOException {
        for (StoppableProcess process : pending) {
            process.rehearse();
        }
        StandStill.rehearse();
    }

    @Override
    public void freeze() throws IOException {
        for (StoppableProcess process : pending) {
            process.stop();
        }
        for (StoppableProcess process : pending) {
            StandStill.await(process);
        }
        pending.clear();
    }

    @Override
    public Captured capture(TeeBatch captures, List<Integer> known) {
        List<FrozenTeeBatch.Standing> standing = new ArrayList<>();
        for (StoppableProcess process : prepared.values()) {
            standing.add(process.forCapture(!pending.contains(process)));
        }
        Captured captured = Captured.of(new FrozenTeeBatch(standing, List.of(), known), captures);
        if (captured.leftStanding()) {
            pending.forEach(StoppableProcess::noteStopped);
        }
        return captured;
    }

    @Override
    public void thaw() {
        for (StoppableProcess process : prepared.values()) {
            try {
                process.resume();
            } catch (IOException e) {
                leftStanding = true;
                System.getLogger(StopFreezer.class.getName())
                        .log(System.Logger.Level.WARNING, "process " + process.pid + " is left to the guardian", e);
            }
        }
    }

    @Override
    public void close() {
        thaw();
        prepared.values().forEach(StoppableProcess::close);
        if (guardian != null) {
            guardian.close(!leftStanding);
        }
    }
}
