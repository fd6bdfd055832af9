// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.pipe.Fd;
import java.io.IOException;

/** Whose descriptors are saved: this process's own, or another's. */
public interface DescriptorSource extends AutoCloseable {

    /** The process, as an image tells of it. */
    Image.Task task() throws StandpipeException;

    /** The numbers to look at, ascending; the array stays as it is. */
    int[] numbers() throws StandpipeException;

    /** Whether the numbers were asked for one by one: then each must be a pipe. */
    boolean isSelected();

    /** Whether the process may end before it is saved: then it is left out. */
    boolean isOptional();

    /**
     * A copy of a descriptor: the same open file description.
     *
     * @throws io.standpipe.pipe.ErrnoException EBADF if it is not open
     */
    Fd copy(int number) throws IOException;

    boolean isCloseOnExec(int number) throws IOException;

    /** Whether a descriptor is the open file description that a copy of it was, when that was made. */
    boolean isStill(int number, Fd copy) throws IOException;

    /** How many descriptors there are to look at. */
    int count() throws IOException;

    @Override
    void close();
}
