// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import io.standpipe.bridge.Fd;
import java.lang.module.ModuleFinder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A program that the kernel has accepted, kept for a checkpoint that follows soon: having it accepted takes longer than asking it
 * about a hundred descriptors. It is let go of within a second of its last use. A JVM that can be checkpointed itself keeps none,
 * since no descriptor may be open then. Safe for use by several threads.
 */
final class SpareProgram {

    private static final long PERIOD_MILLIS = 500;
    private static final String CRAC = "jdk.crac";
    /** The module may be in the JDK and not be used by the program, or be added to it. */
    private static final boolean CAN_KEEP = ModuleFinder.ofSystem().find(CRAC).isEmpty()
            && ModuleLayer.boot().findModule(CRAC).isEmpty();

    private final Executor later = CompletableFuture.delayedExecutor(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    private Fd program;
    private KernelLayout kernel;
    private boolean usedSince;
    private boolean watched;

    /** Accepted by a kernel, for the caller alone until it gives it back or closes it; null if there is none. */
    synchronized Fd take(KernelLayout wanted) {
        if (kernel != wanted) {
            letGo();
        }
        Fd taken = program;
        program = null;
        return taken;
    }

    synchronized boolean isThere() {
        return program != null;
    }

    /** Gives back what was taken, or another one; null is nothing. */
    synchronized void giveBack(KernelLayout acceptedBy, Fd accepted) {
        if (accepted == null) {
            return;
        }
        if (!CAN_KEEP || program != null) {
            accepted.close();
            return;
        }
        program = accepted;
        kernel = acceptedBy;
        usedSince = true;
        if (!watched) {
            watched = true;
            later.execute(this::watch);
        }
    }

    private synchronized void watch() {
        watched = usedSince;
        if (watched) {
            usedSince = false;
            later.execute(this::watch);
        } else {
            letGo();
        }
    }

    /** Closes the one that is kept, if there is one. */
    synchronized void letGo() {
        if (program != null) {
            program.close();
            program = null;
        }
    }
}
