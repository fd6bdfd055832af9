// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.List;

/**
 * What a restore in place did.
 *
 * @param restored numbers of this process that have a restored pipe now, ascending
 * @param kept numbers whose pipe was left as it is, since somebody who is not restored holds it too; ascending
 * @param payloadBytes bytes that the restored pipes hold
 * @param deviations what is not as it was, a sentence each
 */
public record InPlaceReport(
        List<Integer> restored, List<Integer> kept, long payloadBytes, List<String> deviations) {

    public InPlaceReport {
        restored = List.copyOf(restored);
        kept = List.copyOf(kept);
        deviations = List.copyOf(deviations);
    }
}
