// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.CommandSettings;
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
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Children that wait at a gate, a pipe, until the caller opens it; then they become commands. All start, or none. */
public final class GatedCommands implements AutoCloseable {

    private record Child(Command command, int pid, Fd report) {}

    private final PipePair gate;
    private final List<Child> children = new ArrayList<>();
    private boolean running;

    private GatedCommands(PipePair gate) {
        this.gate = gate;
    }

    /** Makes a gate, with nobody at it. */
    public static GatedCommands open() throws StandpipeException {
        return new GatedCommands(PipePair.open());
    }

    /**
     * Forks a child, which waits at the gate.
     *
     * @param placement fd in the command, to the fd here that becomes it
     * @param inherited fds of this process that the command is to have too
     * @return the child's pid; the caller has to wait for its end, once it is a command
     */
    public int add(Command command, Map<Integer, Integer> placement, Set<Integer> inherited, CommandSettings settings)
            throws StandpipeException {
        try {
            PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
            boolean forked = false;
            try (Fd report = ends.writeEnd()) {
                int pid = Spawn.start(
                        command.path(), command.words(), placement, inherited, blockedSignals(), settings, gate.readFd(),
                        report.number());
                children.add(new Child(command, pid, ends.readEnd()));
                forked = true;
                return pid;
            } finally {
                if (!forked) {
                    ends.readEnd().close();
                }
            }
        } catch (ErrnoException e) {
            throw Failures.of("command " + command.words().get(0), e);
        }
    }

    private static long blockedSignals() throws StandpipeException {
        try {
            return ProcessStatus.blockedSignals(ProcessCalls.pid());
        } catch (IOException e) {
            throw Failures.of("cannot find out which signals this process blocks", e);
        }
    }

    /** Opens the gate, and returns when every child has become its command. */
    public void start() throws StandpipeException {
        try {
            NativeMemory go = NativeMemory.nativeOrder(1);
            go.buffer().put(0, Spawn.GO);
            for (int i = 0; i < children.size(); i++) {
                FileCalls.write(gate.writeFd(), go, 0, 1);
            }
            for (Child child : children) {
                await(child);
            }
            running = true;
        } catch (ErrnoException e) {
            throw Failures.of("commands", e);
        }
    }

    /** A child that has become its command has closed its report without a byte. */
    private static void await(Child child) throws StandpipeException, ErrnoException {
        NativeMemory cause = NativeMemory.nativeOrder(Spawn.REPORT_BYTES);
        if (PipeCalls.read(child.report().number(), cause, 0, Spawn.REPORT_BYTES) > 0) {
            throw child.command().failure(Spawn.failure(cause.buffer()));
        }
    }

    /** Ends all children, unless they have started. */
    @Override
    public void close() {
        gate.close();
        for (Child child : children) {
            child.report().close();
            if (!running) {
                kill(child.pid());
            }
        }
    }

    private static void kill(int pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        try {
            ProcessCalls.waitFor(pid);
        } catch (ErrnoException e) {
            System.getLogger(GatedCommands.class.getName()).log(System.Logger.Level.WARNING, "not waited for: " + pid, e);
        }
    }
}
