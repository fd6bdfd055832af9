// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A place for one image that is no file of this machine, such as an object of an object store: an image is there as a whole or not at
 * all. To be implemented for stores that have no {@link java.nio.file.spi.FileSystemProvider};
 * {@link Checkpoint#writeTo(ImageStore)} writes to it, {@link Restore#from(ImageStore)} reads it. Payload goes through one buffer of
 * 64 KiB.
 *
 * @since 0.1
 */
public interface ImageStore {

    /**
     * Begins to write an image. What the place held before stays readable until {@link Writing#commit}.
     *
     * @return where the image is written to, which the caller closes
     * @throws IOException if nothing can be written there
     */
    Writing create() throws IOException;

    /**
     * Begins to read the image.
     *
     * @return the image from its first byte on, which the caller closes
     * @throws IOException if there is no image, or it cannot be read
     */
    ReadableByteChannel open() throws IOException;

    /** Returns the place's name in messages, without secrets. */
    @Override
    String toString();

    /** An image that is being written. Closing it without a commit discards what was written. */
    interface Writing extends WritableByteChannel {

        /**
         * Makes what was written the image of its place. Called once, after the last byte, and followed by {@link #close}.
         *
         * @throws IOException if that fails; then the place is as it was before
         */
        void commit() throws IOException;
    }
}
