// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * An image holds several of what one is wanted of, and none was chosen; or it does not hold the one that was. The image itself is in
 * order: the message names what there is to choose from.
 *
 * @since 0.1
 */
public final class ImageChoiceException extends ImageRefusedException {

    private static final long serialVersionUID = 1L;

    public ImageChoiceException(String message) {
        super(message);
    }
}
