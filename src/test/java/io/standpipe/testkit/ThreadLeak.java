// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.util.HashSet;
import java.util.Set;

/**
 * The program's threads at one moment, and those that came later. Threads that end meanwhile (of an earlier test's pool, of the
 * JVM's for children that have ended) are no matter, nor are those that the JVM starts for itself, in its own group.
 */
public final class ThreadLeak {

    private final Set<Thread> before = programs();

    /** Waits until none is left that was not there when this object was made; names those that are. */
    public void awaitNone() {
        Await.until(() -> "no thread but the former ones is left: " + later(), () -> later().isEmpty());
    }

    private Set<Thread> later() {
        Set<Thread> later = programs();
        later.removeAll(before);
        return later;
    }

    private static Set<Thread> programs() {
        ThreadGroup program = Thread.currentThread().getThreadGroup();
        Set<Thread> threads = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            ThreadGroup group = thread.getThreadGroup();
            if (group != null && program.parentOf(group)) {
                threads.add(thread);
            }
        }
        return threads;
    }
}
