// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.internal.proc.OwnThreads;
import io.standpipe.internal.sys.EpollCalls;
import io.standpipe.pipe.ErrnoException;



import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that wait in a pipe that was replaced. They are in a call on the former description: the call is made to begin anew,
 * by the number, as the JDK's own code does whenever a signal interrupts it.
 */
public final class BlockedThreads {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Set<Integer> numbers;

    /** @param numbers at which there are other descriptions now */
    BlockedThreads(Set<Integer> numbers) {
        this.numbers = numbers;
    }

    /** Has them begin anew, and waits until they have; returns what is not as it was. */
    List<String> moveOn() {
        List<String> deviations = new ArrayList<>();
        try {
            moveOn(deviations);
        } catch (IOException e) {
            // The pipes have been replaced by now.
            deviations.add("threads may wait in a former pipe: " + e.getMessage());
        }
        return deviations;
    }

    private void moveOn(List<String> deviations) throws IOException {
        haveHandlerInstalled();
        List<Integer> interrupted = new ArrayList<>();
        for (int thread : OwnThreads.possiblyIn(numbers)) {
            try {
                if (EpollCalls.interrupt(thread)) {
                    interrupted.add(thread);
                } else if (OwnThreads.blockedOn(numbers).contains(thread)) {
                    deviations.add("thread " + thread + " (" + OwnThreads.name(thread)
                            + ") waits in a former pipe: the JVM has no signal to interrupt it with");
                }
            } catch (ErrnoException e) {
                deviations.add("thread " + thread + " may wait in a former pipe: " + e.getMessage());
            }
        }
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (int thread : interrupted) {
            while (OwnThreads.hasPendingSignal(thread) && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** The JDK installs it with its first channel, which there may not have been. */
    private static void haveHandlerInstalled() {
        try {
            Class.forName("sun.nio.ch.NativeThread");
        } catch (ClassNotFoundException e) {
            System.getLogger(BlockedThreads.class.getName())
                    .log(System.Logger.Level.DEBUG, "the JDK's class that interrupts threads is another one", e);
        }
    }
}
