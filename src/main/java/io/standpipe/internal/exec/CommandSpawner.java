// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.CommandException;
import io.standpipe.StandpipeException;
import io.standpipe.StartedCommand;
import io.standpipe.StartedCommands;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.restore.PidMapping;
import io.standpipe.internal.restore.RestoredProcess;
import io.standpipe.internal.restore.RestoredSet;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Spawn;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Starts commands in place of saved processes. They wait at a gate until all are there and all is restored, signals
 * included, and go on together.
 */
public final class CommandSpawner {

    private record Command(List<String> words, String path) {}

    private final Map<Integer, Command> commands = new LinkedHashMap<>();
    private final Set<Integer> inherited;

    private CommandSpawner(Set<Integer> inherited) {
        this.inherited = inherited;
    }

    /** Finds the commands, before anything is made for them. */
    public static CommandSpawner of(Map<Integer, List<String>> commands, Set<Integer> inherited) throws CommandException {
        if (commands.isEmpty()) {
            throw new IllegalArgumentException("no command is given, expected one for at least one process");
        }
        CommandSpawner start = new CommandSpawner(Set.copyOf(inherited));
        for (Map.Entry<Integer, List<String>> entry : commands.entrySet()) {
            List<String> words = List.copyOf(entry.getValue());
            if (words.isEmpty()) {
                throw new IllegalArgumentException("command of process " + entry.getKey()
                        + " is empty, expected a program and its arguments");
            }
            start.commands.put(entry.getKey(), new Command(words, CommandPath.resolve(words.get(0))));
        }
        return start;
    }

    /** Refuses a command for a process that was not saved, and numbers that a descriptor cannot have here. */
    public void check(List<Image.Process> saved, String source) throws StandpipeException {
        Set<Integer> pids = new TreeSet<>();
        saved.forEach(process -> pids.add(process.task().pid()));
        for (int pid : commands.keySet()) {
            if (!pids.contains(pid)) {
                throw new IllegalArgumentException(
                        source + ": no process had pid " + pid + "; those in it had " + pids);
            }
        }
        for (Image.Process process : saved) {
            CommandExec.checkNumbers(process);
        }
    }

    /** Starts them, with descriptors that are closed here afterwards. */
    public StartedCommands start(RestoredSet restored) throws StandpipeException {
        List<Integer> gone = restored.byPid().keySet().stream().filter(pid -> !commands.containsKey(pid)).toList();
        restored.keepOnly(commands.keySet());
        Map<Integer, RestoredProcess> processes = restored.byPid();
        List<StartedCommand> started = new ArrayList<>();
        List<Fd> reports = new ArrayList<>();
        boolean complete = false;
        try (PipePair gate = PipePair.open()) {
            for (Map.Entry<Integer, Command> entry : commands.entrySet()) {
                started.add(start(entry.getKey(), entry.getValue(), processes.get(entry.getKey()), gate.r(), reports));
            }
            Map<Integer, Integer> pids = new HashMap<>();
            started.forEach(command -> pids.put(command.savedPid(), command.pid()));
            restored.restoreSignals(PidMapping.commands(restored.saved(), pids));
            restored.handedOver();
            letThrough(gate, started.size());
            for (int i = 0; i < reports.size(); i++) {
                check(reports.get(i), started.get(i));
            }
            complete = true;
            return new StartedCommands(started, gone, restored.deviations());
        } catch (ErrnoException e) {
            throw Failures.of("commands", e);
        } finally {
            reports.forEach(Fd::close);
            if (!complete) {
                started.forEach(StartedCommand::kill);
            }
        }
    }

    private StartedCommand start(
            int savedPid, Command command, RestoredProcess restored, int gate, List<Fd> reports)
            throws StandpipeException, ErrnoException {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        reports.add(ends.readEnd());
        try (Fd report = ends.writeEnd()) {
            int pid = Spawn.start(
                    command.path(), command.words(), restored.placement(), inherited,
                    blockedSignals(), gate, report.number());
            return new StartedCommand(savedPid, pid, command.words());
        }
    }

    private static long blockedSignals() throws StandpipeException {
        try {
            return ProcessStatus.blockedSignals(ProcessCalls.pid());
        } catch (IOException e) {
            throw new StandpipeException("cannot find out which signals this process blocks, " + e, e);
        }
    }

    private static void letThrough(PipePair gate, int count) throws ErrnoException {
        NativeMemory go = NativeMemory.nativeOrder(1);
        go.buffer().put(0, Spawn.GO);
        for (int i = 0; i < count; i++) {
            FileCalls.write(gate.w(), go, 0, 1);
        }
    }

    /** Waits until a child has become its command, or says why it has not. */
    private static void check(Fd report, StartedCommand command) throws StandpipeException, ErrnoException {
        NativeMemory cause = NativeMemory.nativeOrder(Spawn.REPORT_BYTES);
        if (PipeCalls.read(report.number(), cause, 0, Spawn.REPORT_BYTES) > 0) {
            int errno = cause.buffer().getInt(0);
            int status = errno == Errno.ENOENT ? CommandException.NOT_FOUND : CommandException.NOT_EXECUTABLE;
            throw new CommandException(
                    status, "command " + command.command().get(0) + ": " + Spawn.failure(cause.buffer()), null);
        }
    }
}
