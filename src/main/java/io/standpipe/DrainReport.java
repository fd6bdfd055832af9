// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.List;

/**
 * What was taken out of a pipe.
 *
 * @param pipe what {@link LivePipes} calls it, such as {@code pipe 4711}
 * @param takenBytes how many bytes were taken and written
 * @param leftBytes how many bytes were queued in the pipe afterwards
 * @param atEnd whether the pipe is at its end: it is empty, and nobody has its write end
 * @param notes what the caller might not expect: a sentence each
 * @since 0.1
 */
public record DrainReport(String pipe, long takenBytes, long leftBytes, boolean atEnd, List<String> notes) {

    /** Copies the list. */
    public DrainReport {
        notes = List.copyOf(notes);
    }
}
