// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Makes events for the flight recorder (JFR) where it is in use. The event classes are loaded then only: a JVM may not have the
 * module jdk.jfr, and loading it would take a command several milliseconds.
 */
final class FlightEvents {

    private static final String MODULE = "jdk.jfr";

    private FlightEvents() {}

    /** Returns an event that begins now; null unless it is recorded. */
    static @Nullable CheckpointEvent checkpoint() {
        if (isInUse()) {
            try {
                CheckpointEvent event = new CheckpointEvent();
                if (event.isEnabled()) {
                    event.begin();
                    return event;
                }
            } catch (LinkageError e) {
                logUnrecorded(e);
            }
        }
        return null;
    }

    /** Returns an event that begins now; null unless it is recorded. */
    static @Nullable RestoreEvent restore() {
        if (isInUse()) {
            try {
                RestoreEvent event = new RestoreEvent();
                if (event.isEnabled()) {
                    event.begin();
                    return event;
                }
            } catch (LinkageError e) {
                logUnrecorded(e);
            }
        }
        return null;
    }

    /** Hands an event to the recorder, if it can be. */
    static void commit(CheckpointEvent event) {
        try {
            event.commit();
        } catch (LinkageError e) {
            logUnrecorded(e);
        }
    }

    /** Hands an event to the recorder, if it can be. */
    static void commit(RestoreEvent event) {
        try {
            event.commit();
        } catch (LinkageError e) {
            logUnrecorded(e);
        }
    }

    /** The recorder adds to an event's class what only the JDK's own class loader has: OSGi's do not ask that one. */
    private static void logUnrecorded(LinkageError e) {
        System.getLogger(FlightEvents.class.getName())
                .log(System.Logger.Level.WARNING, "not in the recording, since the class loader hides " + e.getMessage()
                        + "; in OSGi, set org.osgi.framework.bootdelegation to jdk.jfr.internal.*");
    }

    /** Asked anew each time, since a recording may be started at any moment. */
    private static boolean isInUse() {
        try {
            return ModuleLayer.boot().findModule(MODULE).isPresent() && FlightRecorder.isInitialized();
        } catch (LinkageError e) {
            return false; // The module is there, but not for the module of this class.
        }
    }
}
