// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.util.HashSet;
import java.util.Set;

/**
 * The threads of the program at the moment this object was created. Threads that end later are ignored, and so are those that the JVM
 * starts for itself, which are in the JVM's own thread group.
 */
public final class ThreadLeak {

    private final Set<Thread> before = threads();

    /** Waits until every thread that was started since then has ended; throws and names them if one goes on. */
    public void awaitNone() {
        Await.until(() -> "no thread is left but those of before: " + later(), () -> later().isEmpty());
    }

    private Set<Thread> later() {
        Set<Thread> later = threads();
        later.removeAll(before);
        return later;
    }

    private static Set<Thread> threads() {
        ThreadGroup program = Thread.currentThread().getThreadGroup();
        Set<Thread> found = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            ThreadGroup group = thread.getThreadGroup();
            if (group != null && program.parentOf(group)) {
                found.add(thread);
            }
        }
        return found;
    }
}
