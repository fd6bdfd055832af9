// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.CommandException;
import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.Image;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.restore.PidMapping;
import io.standpipe.internal.restore.Replacements;
import io.standpipe.internal.restore.RestoredProcess;
import io.standpipe.internal.restore.RestoredSet;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Spawn;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Starts commands in place of saved processes. The children wait at a gate, a pipe, until all are there and all is restored,
 * signals included; then they become the commands.
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
        List<Fd> reports = new ArrayList<>();
        boolean complete = false;
        try (PipePair gate = PipePair.open()) {
            for (Map.Entry<Integer, Command> command : commands.entrySet()) {
                RestoredProcess process = Objects.requireNonNull(processes.get(command.getKey()));
                pids.put(command.getKey(), spawn(command.getValue(), process.commandPlacement(), gate.readFd(), reports));
            }
            restored.restoreSignals(PidMapping.commands(saved, pids));
            restored.closeAfterHandover();
            restored.deviations().forEach(deviations);
            openGate(gate.writeFd(), pids.size());
            Iterator<Fd> report = reports.iterator();
            for (Command command : commands.values()) {
                awaitCommand(command, report.next());
            }
            complete = true;
            return pids;
        } catch (ErrnoException e) {
            throw Failures.of("commands", e);
        } finally {
            Fd.closeAll(reports);
            if (!complete) {
                pids.values().forEach(CommandSpawner::kill);
            }
        }
    }

    /** @param reports where the read end of the child's report is added */
    private int spawn(Command command, Map<Integer, Integer> placement, int gate, List<Fd> reports)
            throws StandpipeException, ErrnoException {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        reports.add(ends.readEnd());
        try (Fd report = ends.writeEnd()) {
            return Spawn.start(
                    command.path(), command.words(), placement, inherited, blockedSignals(), gate, report.number());
        }
    }

    private static long blockedSignals() throws StandpipeException {
        try {
            return ProcessStatus.blockedSignals(ProcessCalls.pid());
        } catch (IOException e) {
            throw new StandpipeException("cannot find out which signals this process blocks, " + e, e);
        }
    }

    private static void openGate(int writeEnd, int children) throws ErrnoException {
        NativeMemory go = NativeMemory.nativeOrder(1);
        go.buffer().put(0, Spawn.GO);
        for (int i = 0; i < children; i++) {
            FileCalls.write(writeEnd, go, 0, 1);
        }
    }

    /** Waits until a child has become its command, which closes its report without a byte; throws what a report says. */
    private static void awaitCommand(Command command, Fd report) throws StandpipeException, ErrnoException {
        NativeMemory cause = NativeMemory.nativeOrder(Spawn.REPORT_BYTES);
        if (PipeCalls.read(report.number(), cause, 0, Spawn.REPORT_BYTES) > 0) {
            throw command.failure(Spawn.failure(cause.buffer()));
        }
    }

    private static void kill(int pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        try {
            ProcessCalls.waitFor(pid);
        } catch (ErrnoException e) {
            System.getLogger(CommandSpawner.class.getName()).log(System.Logger.Level.WARNING, "not waited for: " + pid, e);
        }
    }
}
