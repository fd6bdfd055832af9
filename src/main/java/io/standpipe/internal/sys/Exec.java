// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;

import java.lang.ref.Reference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Becomes a command: this process, under its pid and with its other descriptors, runs another program, with chosen
 * descriptors at chosen numbers. Numbers that the JVM itself uses may be among them, and any permutation.
 */
public final class Exec {

    private Exec() {}

    /**
     * Runs the program; returns only by an exception, and then with every descriptor as it was.
     *
     * @param path the program's file
     * @param arguments its arguments, the first being the name it is called by
     * @param descriptors the number in the new program to the descriptor of this process that it gets there
     * @param inherited numbers that the new program has as this process does, unless they are among those descriptors or are
     *     not open; it has no others
     * @param signalMask the signals that are blocked in the new program, bit 0 being signal 1
     */
    public static void become(
            String path,
            List<String> arguments,
            Map<Integer, Integer> descriptors,
            Set<Integer> inherited,
            long signalMask)
            throws ErrnoException {
        try (FdMoves moves = FdMoves.withUndo(FdMoves.inheriting(descriptors, inherited))) {
            ArgumentVector argv = new ArgumentVector(arguments);
            NativeMemory program = NativeMemory.ofString(path);
            long result = inThreadOfItsOwn(() -> Native.sp_exec(
                    program.address(), argv.address(), moves.address(), moves.count(), signalMask));
            Reference.reachabilityFence(program);
            Reference.reachabilityFence(argv);
            Reference.reachabilityFence(moves);
            throw new ErrnoException(result, FailedCall.of((int) (-result >> Integer.SIZE), "execve(\"" + path + "\")"));
        }
    }

    /** The native leaves its thread with a table of descriptors that it shares with no other: that thread ends with it. */
    private static long inThreadOfItsOwn(LongSupplier exec) {
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
