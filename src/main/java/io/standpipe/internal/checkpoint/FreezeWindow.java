// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Freeze;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.freeze.Freezer;
import io.standpipe.internal.freeze.PtraceRefusedException;
import io.standpipe.internal.proc.ProcessTree;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The time for which the targets are frozen: within {@link #capture}, or from {@link #begin} to {@link #end}. Before it the
 * processes are found; within it, those that were forked since. Closing it thaws them.
 */
final class FreezeWindow implements AutoCloseable {

    private final Targets targets;
    private final boolean freezeIsChosen;
    private @Nullable Freezer freezer;
    private List<Integer> pids = List.of();
    private List<Integer> known = List.of();
    private boolean open;
    private boolean grown;
    private boolean lendsPages;
    private boolean captured;
    private boolean refused;
    private long beganNanos;
    private Duration lasted = Duration.ZERO;

    FreezeWindow(Targets targets, CheckpointOperation.Options options, WaitLimit limit) {
        this.targets = targets;
        freezeIsChosen = options.freezeIsChosen();
        freezer = targets.isOwn() || options.freeze() == Freeze.NONE
                ? null
                : new Freezer(options.freeze(), limit);
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

    /** Returns whether the processes are to be frozen. */
    boolean isFreezing() {
        return freezer != null;
    }

    /** Returns whether the processes were to be frozen and run instead, since ptrace is refused and nobody insisted on it. */
    boolean isRefused() {
        return refused;
    }

    /** Returns whether a capture was complete: what is still missing is not found by another one. */
    boolean hasCaptured() {
        return captured;
    }

    /** Returns whether a thread was in a call that lends pages, when the processes were frozen. */
    boolean lendsPages() {
        return lendsPages;
    }

    /**
     * Freezes the processes, tees, and thaws them, by one call.
     *
     * @return false if the processes may have changed before, or nothing was captured
     */
    boolean capture(TeeBatch batch) throws StandpipeException {
        if (freezer == null) {
            return false;
        }
        try {
            Freezer.Captured taken = freezer.capture(batch, known);
            lasted = lasted.plus(taken.lasted());
            lendsPages |= taken.lendsPages();
            captured |= taken.complete();
            return taken.complete();
        } catch (PtraceRefusedException e) {
            goOnWithoutFreezing(e);
            return false;
        }
    }

    private void goOnWithoutFreezing(PtraceRefusedException e) throws UnavailableException {
        if (freezeIsChosen) {
            throw new UnavailableException(String.valueOf(e.getMessage()), e);
        }
        close();
        freezer = null;
        refused = true;
    }

    /** Freezes the processes, and those that were forked since. */
    void begin() throws StandpipeException {
        if (freezer == null) {
            return;
        }
        try {
            beganNanos = System.nanoTime();
            freezer.hold();
            open = true;
            while (targets.tree() && catchUp()) {
                freezer.hold();
            }
            lendsPages |= freezer.lendsPages();
        } catch (PtraceRefusedException e) {
            goOnWithoutFreezing(e);
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

    /**
     * Thaws the processes; returns how long they were frozen in all, zero if they were not.
     *
     * @throws StandpipeException if they ran again before
     */
    Duration end() throws StandpipeException {
        if (freezer != null && open) {
            open = false;
            freezer.thaw();
            lasted = lasted.plus(Duration.ofNanos(System.nanoTime() - beganNanos));
        }
        return lasted;
    }

    private static StandpipeException failure(IOException e) {
        return e instanceof StandpipeException || e instanceof ErrnoException
                ? Failures.of("processes that are to be frozen", e)
                : new StandpipeException("processes that are to be frozen: " + Reasons.of(e), e);
    }

    @Override
    public void close() {
        open = false;
        if (freezer != null) {
            freezer.close();
        }
    }
}
