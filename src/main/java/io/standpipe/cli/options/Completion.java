// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

/** What a shell offers for a value. */
public enum Completion {
    /** Nothing. */
    NONE,
    /** The words of the kind. */
    WORDS,
    /** Names of files. */
    FILE,
    /** Names of directories. */
    DIRECTORY,
    /** The pids of running processes. */
    PID,
    /** The commands of standpipe. */
    VERB,
    /** A command of PATH, and then what that command takes. */
    COMMAND
}
