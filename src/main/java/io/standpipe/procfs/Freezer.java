// SPDX-License-Identifier: Apache-2.0
package io.standpipe.procfs;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * Makes processes stand still, and run again: always, even if this process is killed meanwhile, as far as a {@link Guardian}
 * sees to it. What stood still before goes on standing still. For one time; closing thaws.
 */
public interface Freezer extends AutoCloseable {

    /**
     * Gets ready for processes, so that {@link #freeze} is quick. Those that have ended are left out.
     *
     * @return those that are there, in the same order
     * @throws FreezeException if one of them cannot be frozen
     */
    List<Integer> prepare(Collection<Integer> pids) throws IOException;

    /** Does all that {@link #freeze} and {@link #thaw} do, but for the freezing: what runs the first time is slow. */
    void rehearse() throws IOException;

    /**
     * Freezes all that were prepared and are not frozen yet, and waits until every thread of them stands still.
     *
     * @throws FreezeException if that takes too long
     */
    void freeze() throws IOException;

    /** Lets everything run again; does nothing if nothing is frozen. */
    void thaw();

    @Override
    void close();
}
