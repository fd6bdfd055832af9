// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Replaces this process by a command (execve): the same pid runs another program, which gets chosen fds of this process at chosen
 * numbers. These numbers may be ones that the JVM uses, in any permutation.
 */
public final class Exec {

    private Exec() {}

    /**
     * Runs the program. Returns only by an exception; then every fd is as before.
     *
     * @param path the program's file
     * @param arguments its arguments, the first being the name it is called by
     * @param fds the fd in the program, mapped to the fd of this process that becomes it
     * @param inherited fds that the program gets unchanged, if they are open and not among {@code fds}; it gets no others
     * @param signalMask the signals that are blocked in the program, bit 0 being signal 1
     * @param settings what else the program gets
     * @throws ErrnoException the call that failed, execve or one before it
     */
    public static void become(
            String path, List<String> arguments, Map<Integer, Integer> fds, Set<Integer> inherited, long signalMask,
            CommandSettings settings)
            throws ErrnoException {
        try (FdMoves moves = FdMoves.of(FdMoves.inheriting(fds, inherited))) {
            NativeMemory argv = NativeMemory.ofStrings(arguments);
            NativeMemory program = NativeMemory.ofString(path);
            CommandSettings.Laid laidOut = settings.layOut();
            long result = inNewThread(() -> Native.sp_exec(
                    program.address(), argv.address(), moves.address(), laidOut.address(), signalMask));
            Reference.reachabilityFence(laidOut);
            Reference.reachabilityFence(program);
            Reference.reachabilityFence(argv);
            Reference.reachabilityFence(moves);
            throw new ErrnoException(
                    result, FdMoves.failedCall((int) (-result >> Integer.SIZE), "execve(\"" + path + "\")"));
        }
    }

    /** Returns whether the call that failed is execve itself, and not one before it. */
    public static boolean isExecve(ErrnoException e) {
        return Objects.requireNonNull(e.getMessage()).startsWith("execve");
    }

    /** Calls the native in a thread that ends afterwards: the native unshares the thread's fd table from the process. */
    private static long inNewThread(LongSupplier exec) {
        long[] result = new long[1];
        Thread thread = new Thread(() -> result[0] = exec.getAsLong(), "standpipe-exec");
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return result[0];
    }
}
