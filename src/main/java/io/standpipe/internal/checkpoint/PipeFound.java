// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.internal.format.SlotsRecord;



/** What there is to tell of a pipe when its turn to be written comes. Used again for another one. */
public final class PipeFound {

    private int capacityBytes;
    private int outside;
    private long queuedBytes;
    private SlotsRecord slots;

    /**
     * Of another pipe.
     *
     * @param newSlots null where writing the bytes would have laid them like that
     */
    PipeFound of(int newCapacityBytes, int newOutside, long newQueuedBytes, SlotsRecord newSlots) {
        capacityBytes = newCapacityBytes;
        outside = newOutside;
        queuedBytes = newQueuedBytes;
        slots = newSlots;
        return this;
    }

    int capacityBytes() {
        return capacityBytes;
    }

    /** Which ends are held outside, as PIPE_STATE tells it. */
    int outside() {
        return outside;
    }

    /** How many bytes the pipe has to give. */
    long queuedBytes() {
        return queuedBytes;
    }

    /** How those bytes lie in their slots, or null where writing them would have laid them like that. */
    SlotsRecord slots() {
        return slots;
    }
}
