// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.Kind;
import io.standpipe.cli.options.NumberKind;

/**
 * A descriptor of the caller in place of a saved one, as an option names them: {@code FD=N} or {@code FD=PID:N}.
 *
 * @param fd the caller's
 */
record InheritedFd(int fd, ProcessFd saved) {

    static final String LABEL = "FD=[PID:]N";

    /** Makes one of what was typed. */
    static final class Form implements Kind<InheritedFd> {

        @Override
        public InheritedFd of(String typed) {
            int equals = typed.indexOf('=');
            if (equals < 0 || !NumberKind.isNumber(typed.substring(0, equals))) {
                throw new IllegalArgumentException("'" + typed + "' is not FD=N or FD=PID:N");
            }
            return new InheritedFd(
                    Integer.parseInt(typed.substring(0, equals)), new ProcessFd.Form().of(typed.substring(equals + 1)));
        }
    }
}
