// SPDX-License-Identifier: Apache-2.0
package io.standpipe.bridge;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/**
 * Becomes a command: this process, under its pid and with its other descriptors, runs another program, with chosen
 * descriptors at chosen numbers. Numbers that the JVM itself uses may be among them, and any permutation.
 */
public final class Exec {

    private static final int MOVE_LENGTH = 16;

    private Exec() {}

    /**
     * Runs the program; returns only by an exception, and then with every descriptor as it was.
     *
     * @param path the program's file
     * @param arguments its arguments, the first being the name it is called by
     * @param descriptors the number in the new program to the descriptor of this process that it gets there
     * @param signalMask the signals that are blocked in the new program, bit 0 being signal 1
     */
    public static void become(
            String path, List<String> arguments, Map<Integer, Integer> descriptors, long signalMask)
            throws ErrnoException {
        TreeMap<Integer, Integer> targets = new TreeMap<>(descriptors);
        List<Fd> held = new ArrayList<>();
        try {
            NativeMemory moves = layOutMoves(targets, held);
            List<NativeMemory> strings = new ArrayList<>();
            NativeMemory argv = layOutArguments(arguments, strings);
            NativeMemory program = NativeMemory.ofString(path);
            int result = inThreadOfItsOwn(() -> Native.sp_exec(
                    program.address(), argv.address(), moves.address(), targets.size(), signalMask));
            Reference.reachabilityFence(program);
            Reference.reachabilityFence(strings);
            Reference.reachabilityFence(argv);
            Reference.reachabilityFence(moves);
            throw new ErrnoException(result, "execve(\"" + path + "\")");
        } finally {
            held.forEach(Fd::close);
        }
    }

    /** The native leaves its thread with a table of descriptors that it shares with no other: that thread ends with it. */
    private static int inThreadOfItsOwn(IntSupplier exec) {
        int[] result = new int[1];
        Thread thread = new Thread(() -> result[0] = exec.getAsInt(), "standpipe-exec");
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

    private static NativeMemory layOutMoves(TreeMap<Integer, Integer> targets, List<Fd> held) throws ErrnoException {
        Set<Integer> taken = targets.keySet();
        Map<Integer, Integer> moved = new HashMap<>();
        NativeMemory moves = NativeMemory.nativeOrder(Math.max(1, targets.size()) * MOVE_LENGTH);
        ByteBuffer out = moves.buffer();
        int floor = 0;
        for (Map.Entry<Integer, Integer> target : targets.entrySet()) {
            int from = target.getValue();
            if (taken.contains(from)) {
                if (!moved.containsKey(from)) {
                    floor = hold(from, taken, floor, held);
                    moved.put(from, floor);
                }
                from = moved.get(from);
            }
            int to = target.getKey();
            int saved = -1;
            int savedFlags = 0;
            if (DescriptorCalls.isOpen(to)) {
                savedFlags = DescriptorCalls.isCloseOnExec(to) ? 1 : 0;
                if (!moved.containsKey(to)) {
                    floor = hold(to, taken, floor, held);
                    moved.put(to, floor);
                }
                saved = moved.get(to);
            }
            out.putInt(from).putInt(to).putInt(saved).putInt(savedFlags);
        }
        return moves;
    }

    /** Copies a descriptor to a number that no move will fill; returns that number. */
    private static int hold(int fd, Set<Integer> taken, int floor, List<Fd> held) throws ErrnoException {
        for (int lowest = floor; ; ) {
            Fd copy = DescriptorCalls.duplicateFrom(fd, lowest);
            if (!taken.contains(copy.number())) {
                held.add(copy);
                return copy.number();
            }
            lowest = copy.number() + 1;
            copy.close();
        }
    }

    private static NativeMemory layOutArguments(List<String> arguments, List<NativeMemory> strings) {
        for (String argument : arguments) {
            strings.add(NativeMemory.ofString(argument));
        }
        long[] addresses = new long[arguments.size() + 1];
        Arrays.setAll(addresses, i -> i < strings.size() ? strings.get(i).address() : 0);
        NativeMemory argv = NativeMemory.nativeOrder(addresses.length * Long.BYTES);
        argv.buffer().asLongBuffer().put(addresses);
        return argv;
    }
}
