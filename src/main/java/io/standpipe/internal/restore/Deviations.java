// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.StandpipeException;
import java.util.ArrayList;
import java.util.List;

/** What of a restore differs from what was saved, a sentence each. */
public final class Deviations {

    private final boolean bestEffort;
    private final List<String> all = new ArrayList<>();

    public Deviations(boolean bestEffort) {
        this.bestEffort = bestEffort;
    }

    /** Adds a deviation that the caller has to accept: throws the refusal unless the caller chose best effort. */
    void accept(String deviation, StandpipeException refusal) throws StandpipeException {
        if (!bestEffort) {
            throw refusal;
        }
        all.add(deviation);
    }

    /** Adds a deviation that the caller chose, or that no call could prevent. */
    public void add(String deviation) {
        all.add(deviation);
    }

    public List<String> all() {
        return List.copyOf(all);
    }
}
