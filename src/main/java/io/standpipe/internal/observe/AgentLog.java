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

    private AgentLog() {}

    /** Logs a sentence on what was done. */
    public static void done(String what) {
        try {
            if (!isChosen()) {
                return;
            }
            // A log may well be the console.
            for (int stream : STANDARD_STREAMS) {
                if (!hasRoom(stream)) {
                    return;
                }
            }
            String text = what.length() <= MOST_CHARACTERS ? what : what.substring(0, MOST_CHARACTERS) + "...";
            System.getLogger(LOGGER).log(System.Logger.Level.INFO, text);
        } catch (RuntimeException | LinkageError e) {
            return; // What was done is done, even if the application's logging is broken or there is no module java.logging.
        }
    }

    /** Returns whether the application has a log of its own, or has configured that of the JDK. */
    private static boolean isChosen() {
        String finder = System.LoggerFinder.getLoggerFinder().getClass().getModule().getName();
        return finder == null || !finder.startsWith("java.")
                || System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null
                || Arrays.stream(Logger.getLogger("").getHandlers()).noneMatch(ConsoleHandler.class::isInstance);
    }

    /** Returns whether an fd takes some bytes at once, or reports an error at once as one that is closed does. */
    private static boolean hasRoom(int fd) {
        try {
            return PipeCalls.poll(fd, Flags.POLLOUT) != 0;
        } catch (ErrnoException e) {
            return false;
        }
    }
}
