// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.BlockingCall;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The system calls on pipes that the threads of a process are in, as /proc/PID/task/TID/syscall shows them to whoever may trace
 * the process.
 */
public final class BlockedCalls {

    /** The calls of a process without threads. */
    public static final BlockedCalls NONE = new BlockedCalls(List.of());

    private static final String RUNNING = "running";
    private static final int NO_FD = -1;

    /** The JVM's own threads, which use no pipe of an application. They run much of the time, and wait for their turn. */
    private static final List<String> WORKERS =
            List.of("C1 CompilerThre", "C2 CompilerThre", "G1 ", "GC Thread", "VM Thread", "VM Periodic Tas");

    /** A thread in one of these calls, with the fds that the call reads from and writes to, or {@link #NO_FD}. */
    private record BlockedCall(BlockingCall call, int fdIn, int fdOut) {

        /**
         * Parses a line: the call's number in decimal and its arguments in hexadecimal.
         *
         * @return null if the thread is in none of these calls
         */
        static @Nullable BlockedCall parse(String line) {
            String[] words = line.split(" ");
            BlockingCall call = words.length > 1 ? BlockingCall.of(Integer.parseInt(words[0])) : null;
            return call == null
                    ? null
                    : new BlockedCall(call, argument(words, call.input()), argument(words, call.output()));
        }

        private static int argument(String[] words, int index) {
            return index < 0 ? NO_FD : (int) Long.parseUnsignedLong(words[1 + index].substring("0x".length()), 16);
        }

        boolean isPoll() {
            return call == BlockingCall.POLL || call == BlockingCall.PPOLL;
        }
    }

    private final List<BlockedCall> calls;

    private BlockedCalls(List<BlockedCall> calls) {
        this.calls = calls;
    }

    /** Returns the calls of a process now; none, or only some, if this process may not see them or the process ends. */
    public static BlockedCalls of(int pid) {
        List<BlockedCall> calls = new ArrayList<>();
        try {
            for (int thread : ProcDirectory.threads(pid)) {
                BlockedCall call = BlockedCall.parse(ProcFile.readLine("/proc/" + pid + "/task/" + thread + "/syscall"));
                if (call != null) {
                    calls.add(call);
                }
            }
        } catch (IOException e) {
            return new BlockedCalls(calls);
        }
        return new BlockedCalls(calls);
    }

    /** Returns whether a thread is in a call that reads from an fd. */
    public boolean readFrom(int fd) {
        return calls.stream().anyMatch(call -> call.fdIn() == fd);
    }

    /** Returns whether a thread is in a call that writes to an fd. */
    public boolean writeTo(int fd) {
        return calls.stream().anyMatch(call -> call.fdOut() == fd);
    }

    /** Returns the ids of this process's threads that are, or may be, in a call on one of {@code fds}: poll may have any of them. */
    public static List<Integer> ownThreadsPossiblyIn(Set<Integer> fds) throws IOException {
        List<Integer> threads = new ArrayList<>();
        for (int thread : ProcDirectory.threads(ProcessCalls.pid())) {
            String line = ownThreadLine(thread, "syscall");
            BlockedCall call = BlockedCall.parse(line);
            if (line.equals(RUNNING) ? !isWorker(thread) : call != null && (call.isPoll() || isOn(fds, call))) {
                threads.add(thread);
            }
        }
        return threads;
    }

    /** Returns the ids of this process's threads that are in a call that reads from or writes to one of {@code fds}. */
    public static List<Integer> ownThreadsBlockedOn(Set<Integer> fds) throws IOException {
        List<Integer> threads = new ArrayList<>();
        for (int thread : ProcDirectory.threads(ProcessCalls.pid())) {
            BlockedCall call = BlockedCall.parse(ownThreadLine(thread, "syscall"));
            if (call != null && isOn(fds, call)) {
                threads.add(thread);
            }
        }
        return threads;
    }

    private static boolean isOn(Set<Integer> fds, BlockedCall call) {
        return fds.contains(call.fdIn()) || fds.contains(call.fdOut());
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
