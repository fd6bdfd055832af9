// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import java.util.Map;

/**
 * What a search for holders outside the checkpoint found.
 *
 * @param ends by objref of the pipe
 * @param inaccessibleProcesses how many processes could not be looked at
 */
record Leaks(Map<Integer, Image.ExternalEnds> ends, int inaccessibleProcesses) {

    /** Nobody searched. */
    static final Leaks UNKNOWN = new Leaks(Map.of(), 0);

    /** Returns the ends of a pipe that others hold. */
    Image.ExternalEnds of(OpenPipe pipe) {
        return ends.getOrDefault(pipe.objref(), Image.ExternalEnds.UNKNOWN);
    }
}
