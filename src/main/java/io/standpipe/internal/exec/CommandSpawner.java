// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.CommandException;
import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.Image;
import io.standpipe.internal.restore.PidMapping;
import io.standpipe.internal.restore.Replacements;
import io.standpipe.internal.restore.RestoredProcess;
import io.standpipe.internal.restore.RestoredSet;
import io.standpipe.internal.sys.CommandSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Starts commands in place of saved processes. The children wait until all are there and all is restored, signals included; then they
 * become the commands.
 */
public final class CommandSpawner {

    private final Map<Integer, Command> commands = new LinkedHashMap<>();
    private final Set<Integer> inherited;

    private CommandSpawner(Set<Integer> inherited) {
        this.inherited = inherited;
    }

    /**
     * Finds the commands' programs; starts nothing yet.
     *
     * @param commands saved pid, to the program and its arguments
     * @param inherited fds of this process that the commands are to have too
     */
    public static CommandSpawner of(Map<Integer, List<String>> commands, Set<Integer> inherited) throws CommandException {
        if (commands.isEmpty()) {
            throw new IllegalArgumentException("no command is given, expected one for at least one process");
        }
        CommandSpawner spawner = new CommandSpawner(Set.copyOf(inherited));
        for (Map.Entry<Integer, List<String>> entry : commands.entrySet()) {
            Command command = Command.find("command of process " + entry.getKey(), entry.getValue());
            spawner.commands.put(entry.getKey(), command);
        }
        return spawner;
    }

    /** Throws if a command is for a process that was not saved, or a saved fd is beyond the limit of this process. */
    public void check(List<Image.Process> saved, String source) throws StandpipeException {
        Set<Integer> pids = Replacements.pids(saved);
        for (int pid : commands.keySet()) {
            if (!pids.contains(pid)) {
                throw new IllegalArgumentException(
                        source + ": no process had pid " + pid + "; those in it had " + pids);
            }
        }
        for (Image.Process process : saved) {
            Command.checkFdLimit(process);
        }
    }

    /**
     * Starts the commands: all, or none if one cannot be started.
     *
     * @param restored whose fds are closed here afterwards
     * @param saved all processes, of which some may have no command and are not restored
     * @param deviations is given each deviation before the commands run
     * @return saved pid to the pid of the command, in the order in which the commands were given; the caller has to wait for
     *     the commands' ends
     */
    public Map<Integer, Integer> start(
            RestoredSet restored, List<Image.Process> saved, Consumer<String> deviations) throws StandpipeException {
        Map<Integer, RestoredProcess> processes = restored.byPid();
        Map<Integer, Integer> pids = new LinkedHashMap<>();
        try (GatedCommands children = GatedCommands.open()) {
            for (Map.Entry<Integer, Command> command : commands.entrySet()) {
                Map<Integer, Integer> placement = Objects.requireNonNull(processes.get(command.getKey())).commandPlacement();
                pids.put(command.getKey(), children.add(command.getValue(), placement, inherited, CallerState.in(CommandSettings.NONE)));
            }
            restored.restoreSignals(PidMapping.commands(saved, pids));
            restored.closeAfterHandover();
            restored.deviations().forEach(deviations);
            children.start();
            return pids;
        }
    }
}
