// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

/** A pipe or FIFO that is being restored: empty at first, and open until every saved description has claimed its end. */
interface UnclaimedEnds extends AutoCloseable {

    /** Returns the fd through which the pipe is to be filled, before any end is claimed. */
    int writeFd();

    /** Returns an open file description with the access mode of a saved one; the caller closes it. */
    Fd claim(Image.Description description) throws ErrnoException;

    /** Returns whether the inode was made here, so that it has yet to get the saved owner and mode. */
    boolean isNew();

    /** Closes what nobody claimed: a reader whose writers are gone sees the end of the data, as before. */
    @Override
    void close();
}
