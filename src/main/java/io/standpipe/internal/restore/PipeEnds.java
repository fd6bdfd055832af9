// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;




/** A pipe or FIFO that is being restored: empty at first, with ends for filling it and for those who claim them. */
public interface PipeEnds extends AutoCloseable {

    /** An end that can be written, for filling before any end is claimed. */
    int writeEnd();

    /** An open file description with the access mode of a saved one. */
    Fd claim(Image.Description description) throws ErrnoException;

    /** Whether the inode was made here, and is to get the saved one's owner and mode. */
    boolean isNew();

    /** Whether it is a pipe that pipe2 made, and no FIFO. */
    default boolean isPipe() {
        return false;
    }

    /** Undoes what is to be seen from outside. */
    default void undo() {}

    /** Closes what nobody claimed: a reader whose writers are gone sees the end, as before. */
    void release();

    @Override
    void close();
}
