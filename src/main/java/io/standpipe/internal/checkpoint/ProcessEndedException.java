// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;

/** A process that was to be saved has ended. */
public final class ProcessEndedException extends StandpipeException {

    private static final long serialVersionUID = 1L;

    public ProcessEndedException(int pid, String what, Throwable cause) {
        super("process " + pid + ": " + what, cause);
    }
}
