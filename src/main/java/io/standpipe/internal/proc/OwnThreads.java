// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.SystemCall;


import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** In which calls the threads of this process are, as far as pipes are concerned. */
public final class OwnThreads {

    private static final String TASKS = "/proc/self/task/";

    /** The JVM's own workers, which use no pipe of an application. They run much of the time, and wait for their turn. */
    private static final List<String> WORKERS =
            List.of("C1 CompilerThre", "C2 CompilerThre", "G1 ", "GC Thread", "VM Thread", "VM Periodic Tas");

    private OwnThreads() {}

    /** Threads that are, or may be, in a call on one of some descriptors; those that poll might do so on any. */
    public static List<Integer> possiblyIn(Set<Integer> descriptors) throws IOException {
        return in(descriptors, true);
    }

    /** Threads that wait in a call that moves bytes from or to one of some descriptors. */
    public static List<Integer> blockedOn(Set<Integer> descriptors) throws IOException {
        return in(descriptors, false);
    }

    private static List<Integer> in(Set<Integer> descriptors, boolean possibly) throws IOException {
        List<Integer> threads = new ArrayList<>();
        for (int thread : ProcessThreads.of(ProcessCalls.pid())) {
            String line = text(thread, "syscall").trim();
            String[] words = line.split(" ");
            if (line.equals("running") ? possibly && !isWorker(thread) : words.length > 1 && concerns(words, descriptors, possibly)) {
                threads.add(thread);
            }
        }
        return threads;
    }

    private static boolean isWorker(int thread) throws IOException {
        String name = name(thread);
        return WORKERS.stream().anyMatch(name::startsWith);
    }

    private static boolean concerns(String[] words, Set<Integer> descriptors, boolean possibly) {
        SystemCall call = SystemCall.of(Integer.parseInt(words[0]));
        if (call == null) {
            return false;
        }
        if (call == SystemCall.POLL || call == SystemCall.PPOLL) {
            return possibly;
        }
        return call.input() >= 0 && descriptors.contains(argument(words, call.input()))
                || call.output() >= 0 && descriptors.contains(argument(words, call.output()));
    }

    private static int argument(String[] words, int index) {
        return (int) Long.parseUnsignedLong(words[1 + index].substring("0x".length()), 16);
    }

    /** Whether a signal waits for a thread to take it. */
    public static boolean hasPendingSignal(int thread) throws IOException {
        return text(thread, "status").lines()
                .filter(line -> line.startsWith("SigPnd:"))
                .anyMatch(line -> !line.substring("SigPnd:".length()).isBlank()
                        && Long.parseUnsignedLong(line.substring("SigPnd:".length()).trim(), 16) != 0);
    }

    /** The name of a thread, as the system has it: empty if it has ended. */
    public static String name(int thread) throws IOException {
        return text(thread, "comm").trim();
    }

    private static String text(int thread, String file) throws IOException {
        try {
            return Files.readString(Path.of(TASKS + thread + "/" + file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // It has ended: a read of what was opened before says so without a name.
        }
    }
}
