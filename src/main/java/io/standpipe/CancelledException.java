// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import org.jspecify.annotations.Nullable;

/**
 * The wait of an operation was ended by the caller's side: its thread was interrupted, and still is, or what it worked with was
 * closed by another thread. Nothing was made, and nobody is frozen any more.
 *
 * @since 0.1
 */
public final class CancelledException extends StandpipeException {

    private static final long serialVersionUID = 1L;

    public CancelledException(String message) {
        super(message);
    }

    public CancelledException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
