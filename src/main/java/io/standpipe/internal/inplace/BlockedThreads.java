// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.internal.proc.BlockedCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Moves threads that wait in a pipe that was replaced on to the new pipe. Such a thread is in a system call on the former open
 * file description; a signal interrupts the call, and the JDK's code then makes the call again, by the fd.
 */
final class BlockedThreads {

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private BlockedThreads() {}

    /**
     * Restarts the calls on some fds, and waits until their threads have taken the signal.
     *
     * @param fds whose open file descriptions were replaced
     * @return a sentence for each thread that may still wait in a former pipe
     */
    static List<String> restartCalls(Set<Integer> fds) {
        List<String> deviations = new ArrayList<>();
        try {
            loadSignalHandler();
            awaitDelivery(interrupt(fds, deviations), deviations);
        } catch (IOException e) {
            // Too late to fail: the pipes have been replaced.
            deviations.add("threads may wait in a former pipe: " + Reasons.of(e));
        }
        return deviations;
    }

    private static List<Integer> interrupt(Set<Integer> fds, List<String> deviations) throws IOException {
        List<Integer> interrupted = new ArrayList<>();
        for (int thread : BlockedCalls.ownThreadsPossiblyIn(fds)) {
            try {
                if (ProcessCalls.interruptThread(thread)) {
                    interrupted.add(thread);
                } else if (BlockedCalls.ownThreadsBlockedOn(fds).containsKey(thread)) {
                    deviations.add(mayWait(thread, "the JVM has no signal to interrupt it with"));
                }
            } catch (ErrnoException e) {
                deviations.add(mayWait(thread, Reasons.of(e)));
            }
        }
        return interrupted;
    }

    private static void awaitDelivery(List<Integer> interrupted, List<String> deviations) {
        long deadlineNanos = System.nanoTime() + TIMEOUT_NANOS;
        for (int thread : interrupted) {
            while (BlockedCalls.ownThreadHasPendingSignal(thread)) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    deviations.add(mayWait(thread, "it has not taken the signal that interrupts it"));
                    break;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static String mayWait(int thread, @Nullable String reason) {
        return "thread " + thread + " (" + BlockedCalls.ownThreadName(thread) + ") may wait in a former pipe: " + reason;
    }

    /** Has the JDK install its signal handler, which it does with its first channel: there may have been none so far. */
    private static void loadSignalHandler() {
        try {
            Class.forName("sun.nio.ch.NativeThread");
        } catch (ClassNotFoundException e) {
            System.getLogger(BlockedThreads.class.getName())
                    .log(System.Logger.Level.DEBUG, "the JDK's class that interrupts threads is another one", e);
        }
    }
}
