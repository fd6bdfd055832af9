// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.pipe.Fd;



/** Copies of descriptors that are not needed any more, closed many at a time: their numbers often follow one another. */
public final class ReleasedEnds implements AutoCloseable {

    /** So few that no end stays open for long. */
    private static final int MOST = 128;

    private final int[] numbers = new int[MOST];
    private int count;

    /** Takes an end over, unless it is closed already. */
    void add(Fd end) {
        if (end.isOpen()) {
            numbers[count++] = end.release();
            if (count == MOST) {
                closeNow();
            }
        }
    }

    /** Closes those that are left. */
    void closeNow() {
        int closing = count;
        count = 0;
        Fd.closeReleased(numbers, closing);
    }

    @Override
    public void close() {
        closeNow();
    }
}
