// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.format.SlotLayout;
import io.standpipe.internal.sys.PageSize;

/** The slots that a restored pipe gets here, where a page may have another size than on the machine that wrote the image. */
final class SlotPlan {

    private SlotPlan() {}

    /**
     * Returns the slots to make: as saved, or as writing makes them if none were saved or a saved one is larger than a page.
     * Splicing from a socket makes such slots, and so does a machine with larger pages; no call makes them here.
     */
    static Slots of(Image.Pipe saved) {
        Slots slots = saved.slots();
        if (slots == null || hasSlotLargerThanPage(saved)) {
            return SlotLayout.written(saved.payloadBytes(), PageSize.SIZE_BYTES);
        }
        int savedPageBytes = saved.pageSizeBytes().orElse(PageSize.SIZE_BYTES);
        return slots.tailEndBytes() == 0 || savedPageBytes == PageSize.SIZE_BYTES
                ? slots
                : new Slots(tailEnd(slots, savedPageBytes), slots.runs());
    }

    /** Returns how many slots the pipe gets. */
    static long count(Image.Pipe saved) {
        return saved.slots() == null
                ? (saved.payloadBytes() + PageSize.SIZE_BYTES - 1) / PageSize.SIZE_BYTES
                : of(saved).count();
    }

    static boolean hasSlotLargerThanPage(Image.Pipe saved) {
        return saved.slots() != null && SlotLayout.longestBytes(saved.slots()) > PageSize.SIZE_BYTES;
    }

    /** Gives the last slot the merge room that it had, as far as a page here has room for it. */
    private static int tailEnd(Slots slots, int savedPageBytes) {
        int length = slots.runs().get(slots.runs().size() - 1).lengthBytes();
        int room = Math.min(savedPageBytes - slots.tailEndBytes(), PageSize.SIZE_BYTES - length);
        return room == 0 ? 0 : PageSize.SIZE_BYTES - room;
    }

    /** Throws if the pipe has packets that no write makes here, unless the caller accepts their bytes without their ends. */
    static void check(Image.Pipe saved, Deviations deviations) throws StandpipeException {
        Slots slots = saved.slots();
        if (slots != null && hasSlotLargerThanPage(saved) && slots.hasPackets()) {
            String what = "pipe " + saved.objref();
            deviations.accept(
                    what + ": its packets have lost their ends, since it has buffers of up to "
                            + SlotLayout.longestBytes(slots) + " bytes",
                    new UnavailableException(what + ": has packets among buffers of up to " + SlotLayout.longestBytes(slots)
                            + " bytes, and a page is " + PageSize.SIZE_BYTES
                            + " bytes here; go on with their bytes alone: --best-effort"));
        }
    }
}
