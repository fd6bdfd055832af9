// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;

/** Colors what a person looks for first on a terminal: what is stuck, what is full, and errors. */
enum Colors {
    NONE,
    ANSI;

    private static final String RED = "\033[31m";
    private static final String YELLOW = "\033[33m";
    private static final String DEFAULT = "\033[0m";

    /** When there are to be colors. */
    enum When {
        AUTO,
        ALWAYS,
        NEVER
    }

    /** Returns the colors for a standard stream. */
    static Colors of(When when, int fd) {
        return when == When.ALWAYS || when == When.AUTO && areUsual() && Output.isTerminal(fd) ? ANSI : NONE;
    }

    /** Returns whether the user's environment is for colors, as https://no-color.org has it. */
    private static boolean areUsual() {
        String unwanted = System.getenv("NO_COLOR");
        String terminal = System.getenv("TERM");
        return (unwanted == null || unwanted.isEmpty()) && terminal != null && !terminal.equals("dumb");
    }

    /** Returns text about what is wrong. */
    String bad(String text) {
        return this == NONE ? text : RED + text + DEFAULT;
    }

    /** Returns text about a pipe: red if it is stuck, yellow if it is full. */
    String of(LivePipe pipe, String text) {
        boolean full = pipe.isMeasured() && pipe.queuedBytes().orElseThrow() >= pipe.capacityBytes().orElseThrow();
        return this == NONE || !pipe.isStuck() && !full ? text : (pipe.isStuck() ? RED : YELLOW) + text + DEFAULT;
    }
}
