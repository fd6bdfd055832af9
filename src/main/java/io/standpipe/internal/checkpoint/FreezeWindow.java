// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Freeze;
import io.standpipe.StandpipeException;
import io.standpipe.internal.freeze.CgroupFreezer;
import io.standpipe.internal.freeze.Freezer;
import io.standpipe.internal.freeze.StopFreezer;
import io.standpipe.internal.proc.ProcessTree;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The time for which the targets are frozen: from {@link #begin} to {@link #end}, or within {@link #capture}. Before it the
 * processes are found; within it, those that were forked since. Closing it thaws them.
 */
final class FreezeWindow implements AutoCloseable {

    private final Targets targets;
    private final @Nullable Freezer freezer;
    private List<Integer> pids = List.of();
    private List<Integer> known = List.of();
    private boolean open;
    private boolean grown;
    private long beganNanos;
    private Duration lasted = Duration.ZERO;

    FreezeWindow(Targets targets, Freeze freeze) {
        this.targets = targets;
        if (targets.isOwn() || freeze == Freeze.NONE) {
            freezer = null;
        } else {
            freezer = freeze == Freeze.STOP ? new StopFreezer() : new CgroupFreezer();
        }
    }

    /** Finds the processes, and prepares to freeze them. */
    void prepare() throws StandpipeException {
        try {
            pids = find();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private List<Integer> find() throws IOException {
        ProcessTree found = targets.find();
        known = found.all();
        return freezer == null ? found.members() : targets.complete(freezer.prepare(found.members()), found.members());
    }

    /** Returns the processes that were found last. */
    List<Integer> pids() {
        return pids;
    }

    /**
     * Freezes the processes, tees, and thaws them, by one call.
     *
     * @return false if nobody is to be frozen, or if the processes may have changed before: then {@link #begin} is to be called
     */
    boolean capture(TeeBatch batch) throws StandpipeException {
        if (freezer == null) {
            return false;
        }
        try {
            Freezer.Captured captured = freezer.capture(batch, known);
            lasted = lasted.plus(captured.lasted());
            return captured.complete();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Freezes the processes, and those that were forked since. */
    void begin() throws StandpipeException {
        if (freezer == null) {
            return;
        }
        try {
            freezer.rehearse();
            beganNanos = System.nanoTime();
            open = true;
            freezer.freeze();
            while (targets.tree() && catchUp()) {
                freezer.freeze();
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Finds processes that were forked before their parents were frozen; returns whether there are any. */
    private boolean catchUp() throws IOException {
        List<Integer> now = find();
        boolean more = !pids.containsAll(now);
        grown |= more;
        pids = now;
        return more;
    }

    /** Returns whether the processes are frozen. */
    boolean isOpen() {
        return open;
    }

    /** Returns whether there are more processes than before the freeze. */
    boolean hasGrown() {
        return grown;
    }

    /** Thaws the processes; returns how long they were frozen in all, zero if they were not. */
    Duration end() {
        if (freezer != null && open) {
            freezer.thaw();
            lasted = lasted.plus(Duration.ofNanos(System.nanoTime() - beganNanos));
            open = false;
        }
        return lasted;
    }

    private static StandpipeException failure(IOException e) {
        return e instanceof StandpipeException || e instanceof ErrnoException
                ? Failures.of("processes that are to stand still", e)
                : new StandpipeException(e.getMessage(), e);
    }

    @Override
    public void close() {
        end();
        if (freezer != null) {
            freezer.close();
        }
    }
}
