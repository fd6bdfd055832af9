// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.Freeze;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FreezeCall;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Freezes processes and thaws them, always, even if this process is killed meanwhile. What was stopped before stays stopped. For one
 * checkpoint; closing thaws.
 */
public final class Freezer implements AutoCloseable {

    private final Freeze how;
    private final WaitLimit limit;
    private final Map<Integer, FrozenProcess> processes = new LinkedHashMap<>();
    private final FrozenCgroups cgroups = new FrozenCgroups();
    private final List<FreezeHold> holds = new ArrayList<>();
    private int heldProcesses;

    /**
     * @param how any but {@link Freeze#NONE}
     * @param limit of all waits
     */
    public Freezer(Freeze how, WaitLimit limit) {
        this.how = how;
        this.limit = limit;
    }

    /**
     * Gets ready for processes, so that a freeze is quick. Those that have ended are left out.
     *
     * @return those that are there, in the same order
     * @throws StandpipeException if one of them cannot be frozen; the message names the remedy
     */
    public List<Integer> prepare(Collection<Integer> pids) throws IOException {
        // All checkpoints lock in the same order: none waits for one that waits for it.
        for (int pid : new TreeSet<>(pids)) {
            FrozenProcess process = processes.containsKey(pid) ? null : FrozenProcess.open(pid, how, limit);
            if (process != null) {
                processes.put(pid, process);
            }
        }
        if (how == Freeze.CGROUP) {
            cgroups.addAll(processes.keySet(), limit);
        }
        return pids.stream().filter(processes::containsKey).toList();
    }

    /**
     * How a capture went.
     *
     * @param complete whether every clone was taken, and no process had more or fewer fds or unknown children
     * @param lendsPages whether a thread was in a call that lends pages: then nothing was captured, unless with copies
     * @param lasted how long the processes were frozen
     */
    public record Captured(boolean complete, boolean lendsPages, Duration lasted) {}

    /**
     * Freezes all that were prepared, takes captures and thaws, as quickly as can be.
     *
     * @param known the processes that existed when those prepared were found, ascending, if what they have forked since matters
     * @throws StandpipeException if something cannot be frozen
     */
    public Captured capture(TeeBatch captures, List<Integer> known) throws StandpipeException {
        Duration patience = limit.left(FreezeCall.PATIENCE);
        FreezeCall call = new FreezeCall(
                processes.values().stream().map(FrozenProcess::forCall).toList(), cgroups.forCall(), known, patience);
        try {
            int failed = call.capture(captures);
            boolean taken = failed == 0 && (captures.isCopying() || !call.lendsPages());
            return new Captured(taken && !call.hasChanged(), call.lendsPages(), call.lasted());
        } catch (ErrnoException e) {
            throw FreezeFailure.of(how, call.culprit(), limit, e);
        }
    }

    /**
     * Freezes all that were prepared and are not frozen yet, until {@link #thaw}.
     *
     * @throws StandpipeException if something cannot be frozen
     */
    public void hold() throws StandpipeException {
        List<FreezeCall.Process> added =
                processes.values().stream().skip(heldProcesses).map(FrozenProcess::forCall).toList();
        Duration patience = limit.left(FreezeCall.PATIENCE);
        FreezeCall call = new FreezeCall(added, cgroups.forCallOfNew(), List.of(), patience);
        try {
            holds.add(FreezeHold.begin(call));
            heldProcesses = processes.size();
        } catch (ErrnoException e) {
            throw FreezeFailure.of(how, call.culprit(), limit, e);
        }
    }

    /** Returns whether a thread that is held is in a call that lends pages. */
    public boolean lendsPages() {
        return holds.stream().anyMatch(FreezeHold::lendsPages);
    }

    /**
     * Thaws everything that is held.
     *
     * @throws StandpipeException if a freeze had ended before
     */
    public void thaw() throws StandpipeException {
        StandpipeException failure = null;
        for (FreezeHold hold : holds) {
            try {
                hold.end();
            } catch (StandpipeException e) {
                failure = e;
            }
        }
        holds.clear();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        try {
            thaw();
        } catch (StandpipeException e) {
            System.getLogger(Freezer.class.getName()).log(System.Logger.Level.DEBUG, "of no importance any more", e);
        }
        cgroups.close();
        processes.values().forEach(FrozenProcess::close);
    }
}
