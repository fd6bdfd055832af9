// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The threads of this process that wait in system calls on pipes. */
public final class BlockedCalls {

    /** The JVM's own threads, which use no pipe of an application. They run much of the time, and wait for their turn. */
    private static final List<String> WORKERS =
            List.of("C1 CompilerThre", "C2 CompilerThre", "G1 ", "GC Thread", "VM Thread", "VM Periodic Tas");

    private BlockedCalls() {}

    /** Returns the ids of this process's threads that are, or may be, in a call on one of {@code fds}. */
    public static List<Integer> ownThreadsPossiblyIn(Set<Integer> fds) throws IOException {
        List<Integer> threads = new ArrayList<>();
        BitSet wanted = bits(fds);
        for (ThreadCall thread : ThreadCall.of(ProcessCalls.pid())) {
            BlockedCall call = BlockedCall.of(thread);
            if (thread.isRunning() ? !isWorker(thread.thread()) : call != null && (!call.complete() || call.isOn(wanted))) {
                threads.add(thread.thread());
            }
        }
        return threads;
    }

    /** Returns the ids of this process's threads that are in a call on one of {@code fds}, with the call's name. */
    public static Map<Integer, String> ownThreadsBlockedOn(Set<Integer> fds) throws IOException {
        Map<Integer, String> threads = new TreeMap<>();
        BitSet wanted = bits(fds);
        for (ThreadCall thread : ThreadCall.of(ProcessCalls.pid())) {
            BlockedCall call = BlockedCall.of(thread);
            if (call != null && call.isOn(wanted)) {
                threads.put(thread.thread(), call.call().name().toLowerCase(Locale.ROOT));
            }
        }
        return threads;
    }

    private static BitSet bits(Set<Integer> fds) {
        BitSet bits = new BitSet();
        fds.forEach(bits::set);
        return bits;
    }

    private static boolean isWorker(int thread) {
        String name = ownThreadName(thread);
        return WORKERS.stream().anyMatch(name::startsWith);
    }

    /** Returns the name of a thread of this process as the kernel has it, cut to 15 bytes; empty if the thread has ended. */
    public static String ownThreadName(int thread) {
        try {
            return ProcFile.readLine(ownThreadPath(thread, "comm"));
        } catch (IOException e) {
            return ""; // The thread has ended.
        }
    }

    /** Returns whether a signal that was sent to a thread of this process still waits to be taken. */
    public static boolean ownThreadHasPendingSignal(int thread) {
        try {
            String pending = ProcFile.readField(ownThreadPath(thread, "status"), "SigPnd:");
            return Long.parseUnsignedLong(pending, 16) != 0;
        } catch (IOException e) {
            return false; // The thread has ended.
        }
    }

    private static String ownThreadPath(int thread, String file) {
        return "/proc/self/task/" + thread + "/" + file;
    }
}
