// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import java.util.concurrent.CountDownLatch;

/** An action that is run if this process is ended by a signal before this object is closed. */
final class AtExit implements AutoCloseable {

    private final Thread thread;

    AtExit(Runnable action) {
        thread = new Thread(action, "standpipe-at-exit");
    }

    /** Has the action run if the process ends from now on. */
    void start() {
        Runtime.getRuntime().addShutdownHook(thread);
    }

    /** Waits until this process has ended by the signal: this does not return. */
    void awaitEnd() throws InterruptedException {
        thread.join();
        new CountDownLatch(1).await();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            return; // The process is ending, and the action is being run.
        }
    }
}
