// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.List;

/**
 * Commands that run in place of saved processes.
 *
 * @param commands in the order in which they were given
 * @param gone pids of saved processes without a command, ascending: their descriptors are closed
 * @param deviations what is not as it was, a sentence each
 */
public record StartedCommands(List<StartedCommand> commands, List<Integer> gone, List<String> deviations) {

    /** Copies the lists. */
    public StartedCommands {
        commands = List.copyOf(commands);
        gone = List.copyOf(gone);
        deviations = List.copyOf(deviations);
    }
}
