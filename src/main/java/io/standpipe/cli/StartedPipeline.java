// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.ExitStatus;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.StartedCommand;
import io.standpipe.StartedCommands;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Starts commands in place of saved processes, and waits for them; prints how each command ended. */
final class StartedPipeline {

    private final PrintWriter err;
    private final Runnable whenStarted;

    /** @param whenStarted called when all commands are running */
    StartedPipeline(PrintWriter err, Runnable whenStarted) {
        this.err = err;
        this.whenStarted = whenStarted;
    }

    /**
     * Starts the commands and waits until all have ended. A signal that ends this process ends the commands too.
     *
     * @param commands shell commands by the pid of the saved process
     * @param inherited fds of this process that the commands inherit
     * @return 0, or the exit status of the first command, in the order given, that did not exit with 0
     */
    int run(Restore restore, Map<Integer, String> commands, Set<Integer> inherited) throws StandpipeException {
        Map<Integer, List<String>> argv = new LinkedHashMap<>();
        commands.forEach((pid, command) -> argv.put(pid, List.of("/bin/sh", "-c", command)));
        StartedCommands started = restore.start(argv, inherited);
        Thread ender = new Thread(() -> started.commands().forEach(StartedCommand::destroy), "standpipe-ender");
        Runtime.getRuntime().addShutdownHook(ender);
        whenStarted.run();
        started.deviations().forEach(this::print);
        started.gone().forEach(pid -> print("process " + pid + " has no command: it is gone, and its ends are closed"));
        for (StartedCommand command : started.commands()) {
            print("process " + command.savedPid() + " is now process " + command.pid());
        }
        int result = waitForAll(started.commands(), commands);
        Runtime.getRuntime().removeShutdownHook(ender);
        return result;
    }

    private int waitForAll(List<StartedCommand> started, Map<Integer, String> commands) throws StandpipeException {
        int result = 0;
        for (StartedCommand command : started) {
            ExitStatus status = command.waitFor();
            print("process " + command.pid() + " (" + commands.get(command.savedPid()) + "): " + status);
            result = result == 0 ? status.exitStatus() : result;
        }
        return result;
    }

    private void print(String message) {
        ExitCode.printMessage(err, message);
    }
}
