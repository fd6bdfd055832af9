// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.StandpipeException;
import org.jspecify.annotations.Nullable;

/** A process that was to be saved has ended. */
public final class ProcessEndedException extends StandpipeException {

    private static final long serialVersionUID = 1L;

    public ProcessEndedException(int pid, String what, @Nullable Throwable cause) {
        super("process " + pid + ": " + what, cause);
    }
}
