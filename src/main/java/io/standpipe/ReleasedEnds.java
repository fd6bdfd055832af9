// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.Fd;
import java.util.ArrayList;
import java.util.List;

/** Copies of descriptors that are not needed any more, closed many at a time: their numbers often follow one another. */
final class ReleasedEnds implements AutoCloseable {

    /** So few that no end stays open for long. */
    private static final int MOST = 128;

    private final List<Fd> ends = new ArrayList<>(MOST);

    void add(Fd end) {
        ends.add(end);
        if (ends.size() == MOST) {
            closeNow();
        }
    }

    /** Closes those that are left. */
    void closeNow() {
        Fd.closeAll(ends);
        ends.clear();
    }

    @Override
    public void close() {
        closeNow();
    }
}
