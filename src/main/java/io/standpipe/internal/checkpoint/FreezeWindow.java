// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Freeze;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.freeze.CgroupFreezer;
import io.standpipe.internal.freeze.FreezeException;
import io.standpipe.internal.freeze.Freezer;
import io.standpipe.internal.freeze.StopFreezer;
import io.standpipe.internal.proc.ProcessTree;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.ErrnoException;



import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The time in which processes stand still: from {@link #begin} to {@link #end}. Beforehand the processes are found, and what
 * can be is prepared; in the window, those that have been forked since are caught. Closing ends it.
 */
public final class FreezeWindow implements AutoCloseable {

    private final Targets targets;
    private final Freezer freezer;
    private List<Integer> pids;
    private List<Integer> known;
    private boolean open;
    private boolean grown;
    private long beganNanos;
    private Duration lasted = Duration.ZERO;

    private FreezeWindow(Targets targets, Freezer freezer) {
        this.targets = targets;
        this.freezer = freezer;
    }

    /** Finds the processes, and gets ready to freeze them. */
    static FreezeWindow prepare(Targets targets, Freeze freeze) throws StandpipeException {
        Freezer freezer = targets.isOwn() || freeze == Freeze.NONE
                ? null
                : freeze == Freeze.STOP ? new StopFreezer() : new CgroupFreezer();
        FreezeWindow window = new FreezeWindow(targets, freezer);
        boolean complete = false;
        try {
            window.pids = window.find();
            complete = true;
            return window;
        } catch (IOException e) {
            throw failure(e);
        } finally {
            if (!complete) {
                window.close();
            }
        }
    }

    private List<Integer> find() throws IOException {
        ProcessTree found = targets.find();
        known = found.all();
        return freezer == null
                ? found.members()
                : targets.complete(freezer.prepare(found.members()), found.members());
    }

    /** The processes, as of now. */
    List<Integer> pids() {
        return pids;
    }

    /** Whether processes are to stand still at all. */
    boolean isWanted() {
        return freezer != null;
    }

    /**
     * Lets the processes stand still for just as long as captures take.
     *
     * @return whether nothing is known to have changed before; else it is to be done step by step, from {@link #begin} on
     */
    boolean capture(TeeBatch batch) throws StandpipeException {
        try {
            Freezer.Captured captured = freezer.capture(batch, known);
            lasted = lasted.plus(captured.lasted());
            return captured.complete();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Makes the processes stand still, and finds those that came since. */
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

    /** Finds processes that were forked before their parents stood still. */
    private boolean catchUp() throws IOException {
        List<Integer> now = find();
        boolean more = !pids.containsAll(now);
        grown |= more;
        pids = now;
        return more;
    }

    /** Whether the processes stand still. */
    public boolean isOpen() {
        return open;
    }

    /** Whether there are more processes than before it began. */
    boolean hasGrown() {
        return grown;
    }

    /** Lets the processes run again; returns how long they stood still in all, zero if they did not. */
    public Duration end() {
        if (open) {
            freezer.thaw();
            lasted = lasted.plus(Duration.ofNanos(System.nanoTime() - beganNanos));
            open = false;
        }
        return lasted;
    }

    private static StandpipeException failure(IOException e) {
        if (e instanceof StandpipeException) {
            return (StandpipeException) e;
        }
        if (e instanceof ErrnoException) {
            return Failures.of("processes that are to stand still", (ErrnoException) e);
        }
        return e instanceof FreezeException && ((FreezeException) e).isUnavailable()
                ? new UnavailableException(e.getMessage(), e)
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
