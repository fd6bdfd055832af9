// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Starts commands as children, with chosen descriptors at chosen numbers. A child waits at a gate, a pipe, with nothing open
 * but its descriptors, the gate and a report: so several can be made, and then all let go or none.
 */
public final class Spawn {

    /** The byte that lets one child through the gate. */
    public static final byte GO = 'G';

    /** The length of a report; its first {@code int} is the error number. */
    public static final int REPORT_BYTES = 2 * Integer.BYTES;

    private static final String SHELL = "/bin/sh";

    private Spawn() {}

    /**
     * Makes the child. Who calls has to wait for its end ({@link ProcessCalls#waitFor}).
     *
     * <p>At the gate the child reads one byte. {@link #GO} makes it the command; at anything else, and at the end that comes
     * when the last write end is closed, be it by the end of this process, it exits with 127. Signals wait until then.
     *
     * <p>If the child cannot become the command it writes to the report what {@link #failure} makes words of, and exits with
     * 127 for ENOENT, else 126. If it does, the report ends without a byte, once this process has closed its own copy of
     * the write end.
     *
     * <p>The child is in this process's group, with its folder, environment and limits. A signal that this process ignores
     * it ignores too; any other does what it does by default.
     *
     * @param path the program's file; {@code /bin/sh} runs it if it is executable and no program
     * @param arguments its arguments, the first being the name it is called by
     * @param descriptors the number in the child to the descriptor of this process that it gets there
     * @param inherited numbers that the child has as this process does, unless they are among those descriptors or are not
     *     open; 0, 1 and 2 it has anyway, unless they are close-on-exec
     * @param signalMask the signals that are blocked in the command, bit 0 being signal 1
     * @param fdGate the gate's read end, of a pipe that may be shared with other children
     * @param fdReport the report's write end
     * @return the child's pid
     */
    public static int start(
            String path,
            List<String> arguments,
            Map<Integer, Integer> descriptors,
            Set<Integer> inherited,
            long signalMask,
            int fdGate,
            int fdReport)
            throws ErrnoException {
        FdCalls.checkOpen(fdGate);
        FdCalls.checkOpen(fdReport);
        Set<Integer> plain = new HashSet<>(inherited);
        plain.removeAll(List.of(fdGate, fdReport));
        try (FdMoves moves = FdMoves.ofChild(FdMoves.inheriting(descriptors, plain))) {
            int gate = moves.outside(fdGate);
            int report = moves.outside(fdReport);
            NativeMemory program = NativeMemory.ofString(path);
            ArgumentVector argv = new ArgumentVector(arguments);
            ArgumentVector scriptArgv = new ArgumentVector(scriptArguments(path, arguments));
            int result = Native.sp_spawn(
                    program.address(),
                    argv.address(),
                    scriptArgv.address(),
                    moves.address(),
                    moves.count(),
                    signalMask,
                    gate,
                    report);
            Reference.reachabilityFence(program);
            Reference.reachabilityFence(argv);
            Reference.reachabilityFence(scriptArgv);
            Reference.reachabilityFence(moves);
            if (result < 0) {
                throw new ErrnoException(result, "fork()");
            }
            return result;
        }
    }

    /** A report in words, such as {@code execve: EACCES (Permission denied)}. */
    public static String failure(ByteBuffer report) {
        return FailedCall.of(report.getInt(Integer.BYTES), "execve") + ": " + Errno.describe(report.getInt(0));
    }

    /** What execvp does with a file that is executable and no program: a script without a first line that says whose. */
    private static List<String> scriptArguments(String path, List<String> arguments) {
        List<String> script = new ArrayList<>(List.of(SHELL, path));
        script.addAll(arguments.subList(1, arguments.size()));
        return script;
    }
}
