// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.Completion;
import io.standpipe.cli.options.Kind;
import io.standpipe.cli.options.NumberKind;
import org.jspecify.annotations.Nullable;

/**
 * A process and the command that takes its place, as an option names them: {@code PID=COMMAND}.
 *
 * @param line what /bin/sh runs; null if the process alone was named
 */
record PidCommand(int pid, @Nullable String line) {

    /** What may be typed. */
    enum Form implements Kind<PidCommand> {
        /** A saved process with its command. */
        BOTH,
        /** A running process, with its command or without. */
        OR_PID_ALONE;

        @Override
        public PidCommand of(String typed) {
            int equals = typed.indexOf('=');
            String pid = equals < 0 ? typed : typed.substring(0, equals);
            if (!NumberKind.isNumber(pid) || equals < 0 && this == BOTH) {
                throw new IllegalArgumentException("'" + typed + "' is not " + (this == BOTH ? "" : "PID or ") + "PID=COMMAND");
            }
            if (equals == typed.length() - 1) {
                throw new IllegalArgumentException("'" + typed + "' has no COMMAND behind the =");
            }
            return new PidCommand(Integer.parseInt(pid), equals < 0 ? null : typed.substring(equals + 1));
        }

        @Override
        public Completion completion() {
            return this == BOTH ? Completion.NONE : Completion.PID;
        }
    }
}
