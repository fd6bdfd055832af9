// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/** A process that was to be saved has ended. */
final class ProcessEndedException extends StandpipeException {

    private static final long serialVersionUID = 1L;

    ProcessEndedException(int pid, String what, Throwable cause) {
        super("process " + pid + ": " + what, cause);
    }
}
