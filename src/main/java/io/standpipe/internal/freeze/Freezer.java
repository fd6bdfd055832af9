// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FrozenTeeBatch;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Makes processes stand still, and run again: always, even if this process is killed meanwhile, as far as a {@link ThawGuardian}
 * sees to it. What stood still before goes on standing still. For one time; closing thaws.
 */
public interface Freezer extends AutoCloseable {

    /**
     * Gets ready for processes, so that {@link #freeze} is quick. Those that have ended are left out.
     *
     * @return those that are there, in the same order
     * @throws StandpipeException if one of them cannot be frozen
     */
    List<Integer> prepare(Collection<Integer> pids) throws IOException;

    /** Does all that {@link #freeze} and {@link #thaw} do, but for the freezing: what runs the first time is slow. */
    void rehearse() throws IOException;

    /**
     * Freezes all that were prepared and are not frozen yet, and waits until every thread of them stands still.
     *
     * @throws StandpipeException if that takes too long
     */
    void freeze() throws IOException;

    /**
     * Freezes all that were prepared, takes captures and lets everything run again, as quickly as can be. To be looked at
     * afterwards is whether what was prepared is as it was.
     *
     * @param known the processes that were there when those prepared were found, ascending, if what they have forked since
     *     matters; else none
     */
    Captured capture(TeeBatch captures, List<Integer> known) throws IOException;

    /**
     * How a capture went.
     *
     * @param complete whether every clone was taken, and no process has more or fewer descriptors or unknown children
     * @param leftStanding whether something could not be let run again
     * @param lasted how long the processes stood still
     */
    record Captured(boolean complete, boolean leftStanding, Duration lasted) {

        static Captured of(FrozenTeeBatch standing, TeeBatch captures) {
            boolean complete = false;
            try {
                complete = standing.take(captures) == 0 && !standing.hasChanged();
            } catch (ErrnoException e) {
                System.getLogger(Freezer.class.getName())
                        .log(System.Logger.Level.DEBUG, "to be tried again, step by step", e);
            }
            return new Captured(complete, standing.hasLeftStanding(), standing.lasted());
        }
    }

    /** Lets everything run again; does nothing if nothing is frozen. */
    void thaw();

    @Override
    void close();
}
