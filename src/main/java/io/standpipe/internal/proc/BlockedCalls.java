// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.BlockingCall;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The system calls on pipes that the threads of a process are in, as /proc/PID/task/TID/syscall shows them to whoever may trace
 * the process.
 */
public final class BlockedCalls {

    /** The calls of a process without threads. */
    public static final BlockedCalls NONE = new BlockedCalls(List.of());

    private static final String RUNNING = "running";

    /** The JVM's own threads, which use no pipe of an application. They run much of the time, and wait for their turn. */
    private static final List<String> WORKERS =
            List.of("C1 CompilerThre", "C2 CompilerThre", "G1 ", "GC Thread", "VM Thread", "VM Periodic Tas");

    private final List<BlockedCall> calls;

    private BlockedCalls(List<BlockedCall> calls) {
        this.calls = calls;
    }

    /** Returns the calls of a process now; none, or only some, if this process may not see them or the process ends. */
    public static BlockedCalls of(int pid) {
        List<BlockedCall> calls = new ArrayList<>();
        try {
            for (int thread : ProcDirectory.threads(pid)) {
                String line = ProcFile.readLine("/proc/" + pid + "/task/" + thread + "/syscall");
                BlockedCall call = BlockedCall.parse(pid, thread, line);
                if (call != null) {
                    calls.add(call);
                }
            }
        } catch (IOException e) {
            return new BlockedCalls(calls);
        }
        return new BlockedCalls(calls);
    }

    /** Returns whether a thread waits for bytes at an fd; where that has O_NONBLOCK, only poll and the like wait, and vmsplice. */
    public boolean awaitBytes(int fd, boolean nonBlocking) {
        return calls.stream().anyMatch(call -> call.inputs().get(fd) && waits(call, nonBlocking));
    }

    /** Returns whether a thread waits for room at an fd; where that has O_NONBLOCK, only poll and the like wait, and vmsplice. */
    public boolean awaitRoom(int fd, boolean nonBlocking) {
        return calls.stream().anyMatch(call -> call.outputs().get(fd) && waits(call, nonBlocking));
    }

    private static boolean waits(BlockedCall call, boolean nonBlocking) {
        return !nonBlocking || call.call() == BlockingCall.VMSPLICE || call.call().fds() != BlockingCall.Fds.ARGUMENTS;
    }

    /** Returns the splices that threads are in. */
    List<BlockedCall> splices() {
        return calls.stream().filter(call -> call.call() == BlockingCall.SPLICE).toList();
    }

    /** Returns the ids of this process's threads that are, or may be, in a call on one of {@code fds}. */
    public static List<Integer> ownThreadsPossiblyIn(Set<Integer> fds) throws IOException {
        List<Integer> threads = new ArrayList<>();
        int pid = ProcessCalls.pid();
        BitSet wanted = bits(fds);
        for (int thread : ProcDirectory.threads(pid)) {
            String line = ownThreadLine(thread, "syscall");
            BlockedCall call = BlockedCall.parse(pid, thread, line);
            if (line.equals(RUNNING) ? !isWorker(thread) : call != null && (!call.complete() || call.isOn(wanted))) {
                threads.add(thread);
            }
        }
        return threads;
    }

    /** Returns the ids of this process's threads that are in a call on one of {@code fds}, with the call's name. */
    public static Map<Integer, String> ownThreadsBlockedOn(Set<Integer> fds) throws IOException {
        Map<Integer, String> threads = new TreeMap<>();
        int pid = ProcessCalls.pid();
        BitSet wanted = bits(fds);
        for (int thread : ProcDirectory.threads(pid)) {
            BlockedCall call = BlockedCall.parse(pid, thread, ownThreadLine(thread, "syscall"));
            if (call != null && call.isOn(wanted)) {
                threads.put(thread, call.call().name().toLowerCase(Locale.ROOT));
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
        return ownThreadLine(thread, "comm");
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

    private static String ownThreadLine(int thread, String file) {
        try {
            return ProcFile.readLine(ownThreadPath(thread, file));
        } catch (IOException e) {
            return ""; // The thread has ended.
        }
    }

    private static String ownThreadPath(int thread, String file) {
        return "/proc/self/task/" + thread + "/" + file;
    }
}
