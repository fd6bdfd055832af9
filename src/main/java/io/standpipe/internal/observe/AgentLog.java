// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import java.util.Arrays;
import java.util.logging.ConsoleHandler;
import java.util.logging.Logger;

/**
 * The application's log, for what was done to its pipes when somebody else asked for it: a client of the MXBean, or {@code attach}.
 * Nothing else of Standpipe's logs at INFO. Logging is left out where it could block the application, and where nobody has chosen a
 * log: the JDK's default is to print, among what the application prints.
 */
public final class AgentLog {

    private static final String LOGGER = "io.standpipe.agent";
    private static final int[] STANDARD_STREAMS = {1, 2};
    /** With the date and the name of the logger in front it fits into a page, which is what poll promises of a pipe. */
    private static final int MOST_CHARACTERS = 1000;

    private static final int PATIENCE_MILLIS = 500;

    private AgentLog() {}

    /**
     * Logs a sentence on what was done. In a thread of its own, which is waited for shortly: the application's log may hang as the rest
     * of it does, and with it would the JVM's one thread for those who attach.
     */
    public static void done(String what) {
        Thread thread = new Thread(() -> logDone(what), "standpipe-log");
        thread.setDaemon(true);
        try {
            thread.start();
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void logDone(String what) {
        try {
            if (isChosen() && hasRoom()) {
                System.getLogger(LOGGER).log(System.Logger.Level.INFO, shortened(what));
            }
        } catch (RuntimeException | LinkageError e) {
            return; // What was done is done, even if the application's logging is broken or there is no module java.logging.
        }
    }

    /** Logs why nothing is done, even where nobody has chosen a log: there is no other place for it. */
    public static void failed(String why) {
        try {
            if (hasRoom()) {
                System.getLogger(LOGGER).log(System.Logger.Level.WARNING, shortened(why));
            }
        } catch (RuntimeException | LinkageError e) {
            return; // The application must go on even if its logging is broken.
        }
    }

    private static String shortened(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
    }

    /** Returns whether the application has a log of its own, or has configured that of the JDK. */
    private static boolean isChosen() {
        String finder = System.LoggerFinder.getLoggerFinder().getClass().getModule().getName();
        return finder == null || !finder.startsWith("java.")
                || System.getProperty("java.util.logging.manager") != null
                || System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null
                || Arrays.stream(Logger.getLogger("").getHandlers()).noneMatch(ConsoleHandler.class::isInstance);
    }

    /**
     * Returns whether standard output and error, which a log may well go to, take some bytes at once, or report an error at once as one
     * that is closed does.
     */
    private static boolean hasRoom() {
        try {
            for (int fd : STANDARD_STREAMS) {
                if (PipeCalls.poll(fd, Flags.POLLOUT) == 0) {
                    return false;
                }
            }
            return true;
        } catch (ErrnoException e) {
            return false;
        }
    }
}
