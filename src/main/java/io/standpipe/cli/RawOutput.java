// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Payload;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Terminal;


/** Payload on standard output just as it is: for programs, since on a terminal it could do anything. */
final class RawOutput {

    private static final int STANDARD_OUTPUT = 1;

    private RawOutput() {}

    static void send(Payload payload) throws StandpipeException {
        if (Terminal.isBehind(STANDARD_OUTPUT)) {
            throw new IllegalArgumentException("standard output is a terminal, which the bytes might take for commands:"
                    + " send them to a file or a program, such as | hexdump -C");
        }
        payload.sendTo(STANDARD_OUTPUT);
    }
}
