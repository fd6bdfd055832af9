// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import org.jspecify.annotations.Nullable;

/**
 * What this kernel, a permission or a limit does not allow, or that Standpipe's native library cannot be loaded. The message names it,
 * and the remedy where there is one.
 *
 * @since 0.1
 */
public final class UnavailableException extends StandpipeException {

    public UnavailableException(String message) {
        super(message);
    }

    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
