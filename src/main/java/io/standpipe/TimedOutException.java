// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import org.jspecify.annotations.Nullable;

/**
 * What was waited for did not come in the time that the caller allows. Nothing was made, and nobody is frozen any more.
 *
 * @since 0.1
 */
public final class TimedOutException extends StandpipeException {

    private static final long serialVersionUID = 1L;

    public TimedOutException(String message) {
        super(message);
    }

    public TimedOutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
