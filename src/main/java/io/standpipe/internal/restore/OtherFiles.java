// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import java.util.Map;
import java.util.stream.Collectors;

/** Fds of what is no pipe, which only the kernel series' own images have. */
final class OtherFiles {

    /** A process may have had a million. */
    private static final int MOST_NAMED = 20;

    private OtherFiles() {}

    /** Reports which fds of a process are not restored, since Standpipe restores pipes only. */
    static void report(Image.Process process, Deviations deviations) {
        Map<Integer, Image.OtherFile> others = process.table().others();
        if (!others.isEmpty()) {
            deviations.add("process " + process.pid() + ": " + others.entrySet().stream().limit(MOST_NAMED)
                    .map(other -> "descriptor " + other.getKey() + " (" + other.getValue() + ")")
                    .collect(Collectors.joining(", "))
                    + (others.size() > MOST_NAMED ? " and " + (others.size() - MOST_NAMED) + " more" : "")
                    + (others.size() == 1 ? " is of no pipe, and is not restored" : " are of no pipes, and are not restored"));
        }
    }
}
