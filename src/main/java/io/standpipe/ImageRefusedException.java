// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/** An image that is none, is damaged, or holds what cannot be restored here. Nothing was made of it. */
public class ImageRefusedException extends StandpipeException {

    public ImageRefusedException(String message) {
        super(message);
    }

    public ImageRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
