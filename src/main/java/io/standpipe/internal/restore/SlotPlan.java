// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.PageSize;




/** The slots that a restored pipe is to have here, where a page may have another size than where the pipe was saved. */
public final class SlotPlan {

    private SlotPlan() {}

    /**
     * Without SLOTS, those that writing makes; and so where slots are larger than a page, as a splice from a socket or
     * a machine with larger pages makes them: no call can make them anew.
     */
    static Slots of(Image.Pipe saved) {
        Slots slots = saved.slots();
        if (slots == null || areLargerThanPage(saved)) {
            return Slots.written(saved.payloadBytes(), PageSize.SIZE_BYTES);
        }
        return slots.tailEnd() == 0 || saved.pageSizeBytes() == PageSize.SIZE_BYTES
                ? slots
                : new Slots(tailEnd(slots, saved.pageSizeBytes()), slots.runs());
    }

    /** How many slots there are to be. */
    public static long count(Image.Pipe saved) {
        return saved.slots() == null ? written(saved.payloadBytes()) : of(saved).count();
    }

    /** How many slots bytes make that are written into an empty pipe. */
    private static long written(long lengthBytes) {
        return (lengthBytes + PageSize.SIZE_BYTES - 1) / PageSize.SIZE_BYTES;
    }

    public static boolean areLargerThanPage(Image.Pipe saved) {
        return saved.slots() != null && saved.slots().longestBytes() > PageSize.SIZE_BYTES;
    }

    /** The last slot takes as much more as it did, as far as a page here has room for it. */
    private static int tailEnd(Slots slots, int savedPageBytes) {
        int length = slots.runs().get(slots.runs().size() - 1).lengthBytes();
        int room = Math.min(savedPageBytes - slots.tailEnd(), PageSize.SIZE_BYTES - length);
        return room == 0 ? 0 : PageSize.SIZE_BYTES - room;
    }

    /** Refuses packets that no write makes here, unless the caller takes their bytes without their ends. */
    static void check(Image.Pipe saved, Deviations deviations) throws StandpipeException {
        if (areLargerThanPage(saved) && saved.slots().hasPackets()) {
            String what = "pipe " + saved.objref();
            deviations.accept(
                    what + ": its packets have lost their ends, since it has buffers of up to "
                            + saved.slots().longestBytes() + " bytes",
                    new UnavailableException(what + ": has packets among buffers of up to " + saved.slots().longestBytes()
                            + " bytes, and a page is " + PageSize.SIZE_BYTES
                            + " bytes here; go on with their bytes alone: --best-effort"));
        }
    }
}
