// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import io.standpipe.StandpipeException;

/** The arguments are not what the command takes. */
public final class UsageException extends RuntimeException {

    /** @param message one sentence without a full stop, which names what was typed */
    public UsageException(String message) {
        super(message);
    }

    /** An argument is refused for what a call has found. */
    public UsageException(String message, StandpipeException cause) {
        super(message, cause);
    }
}
