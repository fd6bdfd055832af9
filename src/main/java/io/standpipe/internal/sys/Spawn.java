// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Starts commands as children of this process, which get chosen fds at chosen numbers. Each child waits at a gate, a pipe that
 * several children may share, so that all of them start or none.
 */
public final class Spawn {

    /** The byte that lets one child through the gate. */
    public static final byte GO = 'G';

    /** The length of a report, two {@code int}s: the errno, and which call failed. */
    public static final int REPORT_BYTES = 2 * Integer.BYTES;

    private static final String SHELL = "/bin/sh";

    private Spawn() {}

    /**
     * Forks the child. The caller must wait for its end ({@link ProcessCalls#waitFor}).
     *
     * <p>At the gate the child reads one byte. {@link #GO} makes it the command. Any other byte, or the end of the gate once every
     * write end is closed, also by the end of this process, makes it exit with 127. Until then signals stay pending.
     *
     * <p>A child that cannot become the command writes a report, which {@link #failure} puts into words, and exits with 127 for
     * ENOENT, otherwise with 126. Once the child is the command, the report ends empty, if this process has closed its own write
     * end of it.
     *
     * <p>The child has this process's group and limits, and what else {@code settings} do not change. A signal that this process ignores is
     * ignored; every other has its default action.
     *
     * @param path the program's file; {@code /bin/sh} runs a file that is executable and no program
     * @param arguments its arguments, the first being the name it is called by
     * @param fds the fd in the child, mapped to the fd of this process that becomes it
     * @param inherited fds that the child gets unchanged, if they are open and not among {@code fds}; 0, 1 and 2 it gets anyway,
     *     unless they are close-on-exec
     * @param signalMask the signals that are blocked in the command, bit 0 being signal 1
     * @param settings what else the command gets
     * @param fdGate the gate's read end
     * @param fdReport the report's write end, of a pipe of this child's own
     * @return the child's pid
     */
    public static int start(
            String path,
            List<String> arguments,
            Map<Integer, Integer> fds,
            Set<Integer> inherited,
            long signalMask,
            CommandSettings settings,
            int fdGate,
            int fdReport)
            throws ErrnoException {
        FdCalls.checkOpen(fdGate);
        FdCalls.checkOpen(fdReport);
        Set<Integer> others = new HashSet<>(inherited);
        others.removeAll(List.of(fdGate, fdReport));
        try (FdMoves moves = FdMoves.of(FdMoves.inheriting(fds, others))) {
            int gate = moves.unmovedFd(fdGate);
            int report = moves.unmovedFd(fdReport);
            NativeMemory program = NativeMemory.ofString(path);
            NativeMemory argv = NativeMemory.ofStrings(arguments);
            NativeMemory scriptArgv = NativeMemory.ofStrings(scriptArguments(path, arguments));
            CommandSettings.Laid laidOut = settings.layOut();
            int result = Native.sp_spawn(
                    program.address(),
                    argv.address(),
                    scriptArgv.address(),
                    moves.address(),
                    laidOut.address(),
                    signalMask,
                    gate,
                    report);
            Reference.reachabilityFence(program);
            Reference.reachabilityFence(argv);
            Reference.reachabilityFence(scriptArgv);
            Reference.reachabilityFence(moves);
            Reference.reachabilityFence(laidOut);
            if (result < 0) {
                throw new ErrnoException(result, "fork()");
            }
            return result;
        }
    }

    /**
     * Puts a child's report into words.
     *
     * @param report {@link #REPORT_BYTES} bytes in the machine's byte order
     * @return such as {@code execve: EACCES (Permission denied)}
     */
    public static ErrnoException failure(ByteBuffer report) {
        return new ErrnoException(-report.getInt(0), FdMoves.failedCall(report.getInt(Integer.BYTES), "execve"));
    }

    /**
     * Returns the command by which execvp runs a file that is executable and no program, as a script without a {@code #!} line.
     *
     * @return the shell, the file and the arguments
     */
    public static List<String> scriptArguments(String path, List<String> arguments) {
        List<String> script = new ArrayList<>(List.of(SHELL, path));
        script.addAll(arguments.subList(1, arguments.size()));
        return script;
    }
}
