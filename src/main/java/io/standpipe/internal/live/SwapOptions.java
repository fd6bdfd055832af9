// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.internal.checkpoint.Selection;
import java.time.Duration;
import java.util.Set;

/**
 * How processes are replaced.
 *
 * @param besideReaders whether other processes may read the same pipes
 */
public record SwapOptions(Handed handed, Ending ending, boolean besideReaders) {

    /**
     * What a command gets of the old process's.
     *
     * @param selection which fds of each process
     * @param files whether files that are no pipes are among them
     * @param streams the standard streams that are among them whatever they are
     * @param context whether working directory, environment, user and umask are
     */
    public record Handed(Selection selection, boolean files, Set<Integer> streams, boolean context) {

        /** Returns the same with other fds. */
        public Handed with(Selection other) {
            return new Handed(other, files, streams, context);
        }

        /** Returns the same with these standard streams. */
        public Handed withStreams(Set<Integer> fds) {
            return new Handed(selection, files, fds, context);
        }
    }

    /**
     * How a process is ended.
     *
     * @param signal what it is asked to end with; SIGSTOP to keep it, stopped
     * @param grace after which it is killed if it has not ended
     * @param patience how long a moment is waited for at which it waits for input
     */
    public record Ending(int signal, Duration grace, Duration patience) {

        /** Returns whether the process is stopped, and not ended. */
        boolean keepsProcess() {
            return signal == OldProcess.SIGSTOP;
        }
    }
}
