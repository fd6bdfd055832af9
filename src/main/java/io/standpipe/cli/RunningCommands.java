// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.ExitStatus;
import io.standpipe.StandpipeException;
import io.standpipe.StartedCommand;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** Commands that a subcommand has started, one for each process, and waits for. */
final class RunningCommands {

    private final List<StartedCommand> started;
    private final Map<Long, String> lines;
    private final Consumer<String> messages;
    private final Thread ender;

    /**
     * From here on, a signal that ends this process ends the commands too.
     *
     * @param lines the command for each process, as the user typed it
     */
    RunningCommands(List<StartedCommand> started, Map<Long, String> lines, Consumer<String> messages) {
        this.started = started;
        this.lines = lines;
        this.messages = messages;
        ender = new Thread(() -> started.forEach(StartedCommand::destroy), "standpipe-ender");
        Runtime.getRuntime().addShutdownHook(ender);
    }

    /**
     * Waits until all have ended; returns 0, or the exit status of the first command, in their order, that did not exit with 0.
     *
     * @param nameOf what to call the process that a command replaces, by its pid
     */
    int waitForAll(LongFunction<String> nameOf) throws StandpipeException {
        for (StartedCommand each : started) {
            messages.accept(nameOf.apply(each.savedPid()) + " is now process " + each.pid());
        }
        int result = 0;
        for (StartedCommand each : started) {
            ExitStatus status = each.waitFor();
            messages.accept("process " + each.pid() + " (" + lines.get(each.savedPid()) + "): " + status);
            result = result == 0 ? status.exitStatus() : result;
        }
        Runtime.getRuntime().removeShutdownHook(ender);
        return result;
    }
}
