// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Commands that run in place of saved processes.
 *
 * @param commands in the order in which they were given
 * @param programs what the saved processes were, by their pids; those of which the image does not say it are missing
 * @param gone pids of saved processes without a command, ascending: their descriptors are closed
 * @param deviations what is not as it was, a sentence each
 * @since 0.1
 */
public record StartedCommands(
        List<StartedCommand> commands, Map<Long, Image.Program> programs, List<Long> gone, List<String> deviations) {

    /** Copies the lists and the map. */
    public StartedCommands {
        commands = List.copyOf(commands);
        programs = Map.copyOf(programs);
        gone = List.copyOf(gone);
        deviations = List.copyOf(deviations);
    }

    static Map<Long, Image.Program> programs(List<Image.Process> saved) {
        Map<Long, Image.Program> programs = new HashMap<>();
        for (Image.Process process : saved) {
            if (process.program() != null) {
                programs.put(process.pid(), process.program());
            }
        }
        return programs;
    }
}
