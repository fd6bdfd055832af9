// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.StandpipeException;

import java.util.ArrayList;
import java.util.List;

/** What of a restore is not as it was: told to the caller, and refused unless the caller chose best effort. */
public final class Deviations {

    private final boolean bestEffort;
    private final List<String> told = new ArrayList<>();

    Deviations(boolean bestEffort) {
        this.bestEffort = bestEffort;
    }

    /** Goes on with what is not as it was, if the caller chose so. */
    public void accept(String deviation, StandpipeException refusal) throws StandpipeException {
        if (!bestEffort) {
            throw refusal;
        }
        told.add(deviation);
    }

    /** Tells of what no call could make as it was, or what the caller chose. */
    public void tell(String deviation) {
        told.add(deviation);
    }

    public List<String> told() {
        return List.copyOf(told);
    }
}
