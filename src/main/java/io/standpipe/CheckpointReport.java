// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.time.Duration;
import java.util.List;

/**
 * What a checkpoint saved.
 *
 * @param pids the processes whose descriptors they are
 * @param descriptors how many descriptors; those of a table that several processes share once
 * @param pipes how many pipes behind them
 * @param payloadBytes bytes in flight, of all pipes
 * @param imageBytes length of the image
 * @param unseenProcesses how many processes are not the caller's to look at, where it was looked who else holds the pipes
 * @param frozen how long the processes were frozen; zero if they were not
 * @param writing how long the writing of the image took
 * @param readers pids of the processes that read what others write: what such a process had taken out of a pipe already, into buffers
 *     of its own, is in no pipe, and not in the image
 * @param notes what is not in the image though it might be expected there, or is there in another way: a sentence each
 * @since 0.1
 */
public record CheckpointReport(
        List<Long> pids, int descriptors, int pipes, long payloadBytes, long imageBytes,
        int unseenProcesses, Duration frozen, Duration writing, List<Long> readers, List<String> notes) {

    /** Copies the lists. */
    public CheckpointReport {
        pids = List.copyOf(pids);
        readers = List.copyOf(readers);
        notes = List.copyOf(notes);
    }
}
