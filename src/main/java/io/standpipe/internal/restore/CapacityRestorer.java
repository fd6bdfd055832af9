// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.pipes.PipeCapacity;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;

/** Gives a restored pipe the capacity that it had when it was saved. */
final class CapacityRestorer {

    private CapacityRestorer() {}

    /**
     * Checks that a pipe can have as many slots as were saved.
     *
     * @throws ImageRefusedException if no pipe has room for them
     */
    static void check(Image.Pipe saved) throws StandpipeException {
        roomBytes(saved);
    }

    /**
     * Sets the capacity of an empty pipe to the saved one, or to a larger one where its contents need more slots.
     *
     * @throws UnavailableException if a limit is in the way, and the caller did not choose best effort
     */
    static void restore(int pipe, Image.Pipe saved, Deviations deviations) throws StandpipeException, ErrnoException {
        int room = roomBytes(saved);
        int wanted = Math.max(room, saved.capacityBytes());
        if (wanted != saved.capacityBytes() || Pipes.capacityBytes(pipe) != wanted) {
            change(pipe, saved, wanted, room, deviations);
        }
    }

    private static void change(int pipe, Image.Pipe saved, int wanted, int room, Deviations deviations)
            throws StandpipeException {
        String what = "pipe " + saved.objref();
        try {
            PipeCapacity.set(pipe, wanted, what);
        } catch (UnavailableException e) {
            int given = largest(pipe, wanted, room, e);
            deviations.accept(
                    what + ": capacity " + given + " bytes instead of " + saved.capacityBytes() + "; " + e.getMessage(), e);
        }
        if (wanted > saved.capacityBytes()) {
            deviations.add(what + ": capacity " + wanted + " bytes instead of " + saved.capacityBytes()
                    + (SlotPlan.hasSlotLargerThanPage(saved)
                            ? ", since it has bytes in buffers larger than a page, which no call can make"
                            : ", since it had smaller pages, and has as many buffers of " + PageSize.SIZE_BYTES
                                    + " bytes"));
        }
    }

    /** Returns the capacity of the smallest pipe that has as many slots as are to be filled. */
    private static int roomBytes(Image.Pipe saved) throws StandpipeException {
        long slots = SlotPlan.count(saved);
        if (slots > Integer.MAX_VALUE / 2 / PageSize.SIZE_BYTES) {
            throw new ImageRefusedException("pipe " + saved.objref() + ": its " + slots + " slots fit no pipe");
        }
        int room = Math.max(1, (int) slots) * PageSize.SIZE_BYTES;
        return Integer.highestOneBit(2 * room - 1);
    }

    /** Sets the largest capacity that is allowed, from half of what is wanted down to what the contents need. */
    private static int largest(int pipe, int wanted, int room, UnavailableException refusal) throws StandpipeException {
        try {
            int present = Pipes.capacityBytes(pipe);
            for (int tried = wanted / 2; tried >= room && tried > present; tried /= 2) {
                try {
                    return Pipes.setCapacityBytes(pipe, tried);
                } catch (ErrnoException e) {
                    refusal.addSuppressed(e);
                }
            }
            if (present < room) {
                throw refusal;
            }
            return present;
        } catch (ErrnoException e) {
            throw Failures.of("a pipe's capacity", e);
        }
    }
}
