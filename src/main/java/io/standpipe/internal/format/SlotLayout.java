// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Slots;
import java.util.ArrayList;
import java.util.List;

/** How slots and pages go together. */
public final class SlotLayout {

    private SlotLayout() {}

    /** Returns the slots of a pipe into which bytes were written while it was empty: whole pages, and a rest. */
    public static Slots written(long lengthBytes, int pageSizeBytes) {
        List<Slots.Run> runs = new ArrayList<>(2);
        if (lengthBytes >= pageSizeBytes) {
            runs.add(new Slots.Run(pageSizeBytes, Math.toIntExact(lengthBytes / pageSizeBytes), false));
        }
        int rest = (int) (lengthBytes % pageSizeBytes);
        if (rest > 0) {
            runs.add(new Slots.Run(rest, 1, false));
        }
        return new Slots(rest, runs);
    }

    /** Returns how many bytes are in the longest slot; 0 if there are none. */
    public static int longestBytes(Slots slots) {
        int longest = 0;
        for (Slots.Run run : slots.runs()) {
            longest = Math.max(longest, run.lengthBytes());
        }
        return longest;
    }

    /** Returns where in a page the bytes should begin, so that the first slot that fills a page fills one of the image. */
    public static int phaseBytes(Slots slots, int pageSizeBytes) {
        long before = 0;
        for (Slots.Run run : slots.runs()) {
            if (run.lengthBytes() == pageSizeBytes && !run.packet()) {
                return (int) Math.floorMod(-before, (long) pageSizeBytes);
            }
            before += run.totalBytes();
        }
        return 0;
    }
}
