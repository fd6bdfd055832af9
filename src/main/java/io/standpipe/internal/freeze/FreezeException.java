// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Processes could not be made to stand still. */
public final class FreezeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean unavailable;

    FreezeException(String message, boolean unavailable, @Nullable Throwable cause) {
        super(message, cause);
        this.unavailable = unavailable;
    }

    static FreezeException failed(String message) {
        return new FreezeException(message, false, null);
    }

    static FreezeException unavailable(String message, @Nullable Throwable cause) {
        return new FreezeException(message, true, cause);
    }

    /** Whether the kernel or a permission does not allow it. */
    public boolean isUnavailable() {
        return unavailable;
    }
}
