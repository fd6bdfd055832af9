// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.io.IOException;

/** A checkpoint or restore that did not happen. Nothing was consumed, and nothing is left open or half-written. */
public class StandpipeException extends IOException {

    public StandpipeException(String message) {
        super(message);
    }

    public StandpipeException(String message, Throwable cause) {
        super(message, cause);
    }
}
