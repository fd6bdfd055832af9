// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.OptionalLong;

/**
 * A pipe is not drained, since a process runs that has it open for reading and would miss what is taken.
 *
 * @since 0.1
 */
public final class ReaderRunsException extends StandpipeException {

    private static final long serialVersionUID = 1L;

    private final long pid;

    /** @param pid of the process; 0 if it was not found */
    public ReaderRunsException(String message, long pid) {
        super(message);
        this.pid = pid;
    }

    /** Returns the pid of the process that reads; empty if it was not found. */
    public OptionalLong pid() {
        return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }
}
