// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint or restore that did not happen. Nothing was consumed, and nothing is left open or half-written.
 *
 * @since 0.1
 */
public class StandpipeException extends IOException {

    public StandpipeException(String message) {
        super(message);
    }

    public StandpipeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
