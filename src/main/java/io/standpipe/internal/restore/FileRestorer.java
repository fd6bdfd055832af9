// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.StandpipeException;
import io.standpipe.internal.format.Image;
import io.standpipe.pipe.Fd;




/** Restores the open file descriptions of one f_type. */
public interface FileRestorer extends AutoCloseable {

    /** A new open file description like the saved one. The caller closes it. */
    Fd restore(Image.Description description) throws StandpipeException;

    /** Ends the work when all descriptions are there: what is done last, and letting go of what nobody claimed. */
    void settle() throws StandpipeException;

    /** Undoes what is to be seen from outside, after a failure. */
    void undo();

    @Override
    void close();
}
