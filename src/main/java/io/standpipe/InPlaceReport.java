// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.List;

/**
 * What a restore in place did.
 *
 * @param restored descriptors of this process that have a restored pipe now, ascending
 * @param kept descriptors whose pipe was kept as it is, since it has an external holder; ascending
 * @param payloadBytes how many bytes the restored pipes hold
 * @param deviations what is not as it was, a sentence each
 * @since 0.1
 */
public record InPlaceReport(
        List<Integer> restored, List<Integer> kept, long payloadBytes, List<String> deviations) {

    /** Copies the lists. */
    public InPlaceReport {
        restored = List.copyOf(restored);
        kept = List.copyOf(kept);
        deviations = List.copyOf(deviations);
    }
}
