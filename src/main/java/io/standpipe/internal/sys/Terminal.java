// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;


/** Whether people look at what is written. */
public final class Terminal {

    private Terminal() {}

    /** Whether a descriptor of this process is a terminal. */
    public static boolean isBehind(int fd) {
        return PollCalls.isTerminal(fd);
    }

    /** How many characters a line of the terminal takes; 0 if that is not known. */
    public static int columns(int fd) {
        return PollCalls.terminalColumns(fd);
    }
}
