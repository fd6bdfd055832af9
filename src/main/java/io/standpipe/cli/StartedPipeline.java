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

/** Commands started in place of saved processes, and waited for: what each came to is told as it ends. */
final class StartedPipeline {

    private final PrintWriter err;
    private final Runnable whenStarted;

    StartedPipeline(PrintWriter err, Runnable whenStarted) {
        this.err = err;
        this.whenStarted = whenStarted;
    }

    /** Returns 0, or the status of the first command, in the order given, that did not exit with 0. */
    int run(Restore restore, Map<Integer, String> commands, Set<Integer> inherited) throws StandpipeException {
        Map<Integer, List<String>> words = new LinkedHashMap<>();
        commands.forEach((pid, command) -> words.put(pid, List.of("/bin/sh", "-c", command)));
        StartedCommands started = restore.start(words, inherited);
        Thread ender = new Thread(() -> started.commands().forEach(StartedCommand::destroy), "standpipe-ender");
        Runtime.getRuntime().addShutdownHook(ender);
        whenStarted.run();
        started.deviations().forEach(this::tell);
        started.gone().forEach(pid -> tell("process " + pid + " has no command: it is gone, and its ends are closed"));
        for (StartedCommand command : started.commands()) {
            tell("process " + command.savedPid() + " is now process " + command.pid());
        }
        int result = waitForAll(started.commands(), commands);
        Runtime.getRuntime().removeShutdownHook(ender);
        return result;
    }

    private int waitForAll(List<StartedCommand> started, Map<Integer, String> commands) throws StandpipeException {
        int result = 0;
        for (StartedCommand command : started) {
            ExitStatus status = command.waitFor();
            tell("process " + command.pid() + " (" + commands.get(command.savedPid()) + "): " + status);
            result = result == 0 ? status.exitStatus() : result;
        }
        return result;
    }

    private void tell(String message) {
        ExitCode.tell(err, message);
    }
}
