// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Freeze;
import io.standpipe.Progress;
import io.standpipe.Snapshot;
import io.standpipe.StandpipeException;
import io.standpipe.internal.store.ProgressTracker;


import java.time.Duration;
import java.util.List;

/**
 * Takes what is in the pipes. Before their users stand still, the pipes are found and a clone is made for each, so that in
 * the window there are only the tees. Where a process has other pipes by then it is done once more, step by step.
 */
public final class CheckpointOperation {

    private final Targets targets;
    private final Freeze freeze;
    private final ProgressTracker reporter;

    public CheckpointOperation(Targets targets, Freeze freeze, ProgressTracker reporter) {
        this.targets = targets;
        this.freeze = freeze;
        this.reporter = reporter;
    }

    /** A snapshot of all pipes, as of one instant if their users stand still. */
    public Snapshot take() throws StandpipeException {
        try (FreezeWindow window = FreezeWindow.prepare(targets, freeze)) {
            Snapshot quick = takeInOneGo(window);
            return quick != null ? quick : takeStepByStep(window);
        }
    }

    /**
     * In the window there are only the tees: whether the processes still had what was found before is looked at when they run
     * again, and do not have anything else by then.
     *
     * @return null if they have, or nobody is to stand still
     */
    private Snapshot takeInOneGo(FreezeWindow window) throws StandpipeException {
        if (!window.isWanted()) {
            return null;
        }
        Prepared prepared = prepare(window);
        boolean complete = false;
        try {
            reporter.begin(Progress.Phase.CLONE, prepared.collected().pipes().size(), 0);
            complete = prepared.clones().rehearse()
                    && window.capture(prepared.clones().captures())
                    && prepared.clones().isWhole()
                    && prepared.isAsItWas();
            if (!complete) {
                return null;
            }
            prepared.clones().settle();
            return new Snapshot(prepared.collected(), window.end());
        } finally {
            prepared.stopLooking();
            if (!complete) {
                prepared.close();
            }
        }
    }

    /** In the window the pipes are found anew if the processes have others by then. */
    private Snapshot takeStepByStep(FreezeWindow window) throws StandpipeException {
        Prepared prepared = null;
        boolean complete = false;
        try {
            prepared = prepare(window);
            reporter.begin(Progress.Phase.CLONE, prepared.collected().pipes().size(), 0);
            rehearse(prepared);
            window.begin();
            if (window.isOpen() && (window.hasGrown() || !prepared.isAsItWas())) {
                prepared.close();
                prepared = null;
                prepared = prepare(window);
            }
            prepared.clones().take();
            Duration frozen = window.end();
            prepared.clones().settle();
            complete = true;
            return new Snapshot(prepared.collected(), frozen);
        } finally {
            if (prepared != null) {
                prepared.stopLooking();
                if (!complete) {
                    prepared.close();
                }
            }
        }
    }

    /** Does once what is to be quick: what runs the first time is not. */
    private static void rehearse(Prepared prepared) throws StandpipeException {
        prepared.isAsItWas();
        try (CloneSet none = CloneSet.prepare(List.of())) {
            none.take();
        }
    }

    /** What was found of pipes that are saved one after another, without a clone for each, while the window is open. */
    public interface Use<T> {
        T with(DescriptorCollector collected, FreezeWindow window) throws StandpipeException;
    }

    /** Collects, and hands on what was found before anybody runs again. */
    public <T> T collect(Use<T> use) throws StandpipeException {
        try (FreezeWindow window = FreezeWindow.prepare(targets, freeze)) {
            window.begin();
            try (Sources sources = targets.open(window.pids()); SpareCollector spare = SpareCollector.take()) {
                spare.collector().collect(sources.all());
                return use.with(spare.collector(), window);
            }
        }
    }

    /** What was found before the processes stood still, and is to be found again as it was. */
    private record Prepared(Inventory found, CloneSet clones) {

        DescriptorCollector collected() {
            return found.collected();
        }

        boolean isAsItWas() throws StandpipeException {
            return found.isAsItWas();
        }

        /** Lets go of what would be asked whether it is as it was. */
        void stopLooking() {
            found.stopLooking();
        }

        void close() {
            clones.close();
            found.close();
        }
    }

    private Prepared prepare(FreezeWindow window) throws StandpipeException {
        Inventory found = Inventory.of(targets.open(window.pids()));
        boolean complete = false;
        try {
            CloneSet clones = CloneSet.prepare(found.collected().pipes());
            complete = true;
            return new Prepared(found, clones);
        } finally {
            if (!complete) {
                found.close();
            }
        }
    }
}
