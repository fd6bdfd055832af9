// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import org.jspecify.annotations.Nullable;

/**
 * An image that is none, is damaged, or holds what cannot be restored here. Nothing was made of it.
 *
 * @since 0.1
 */
public class ImageRefusedException extends StandpipeException {

    public ImageRefusedException(String message) {
        super(message);
    }

    public ImageRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
