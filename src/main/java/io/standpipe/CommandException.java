// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a command cannot be run.
 *
 * @since 0.1
 */
public final class CommandException extends StandpipeException {

    /** There is no such command, as shells report it. */
    public static final int NOT_FOUND = 127;

    /** The command is there and cannot be executed, as shells report it. */
    public static final int NOT_EXECUTABLE = 126;

    private final int exitStatus;

    public CommandException(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    public CommandException(int exitStatus, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitStatus = exitStatus;
    }

    /** Returns the exit status that a shell would report: {@link #NOT_FOUND} or {@link #NOT_EXECUTABLE}. */
    public int exitStatus() {
        return exitStatus;
    }
}
