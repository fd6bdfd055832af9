// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.Fd;
import io.standpipe.image.TreeRecord;
import java.io.IOException;

/** Whose descriptors are saved: this process's own, or another's. */
interface DescriptorSource extends AutoCloseable {

    /** The process, as an image tells of it. */
    TreeRecord.Task task() throws StandpipeException;

    /** The numbers to look at, ascending. */
    int[] numbers() throws StandpipeException;

    /** Whether the numbers were asked for one by one: then each must be a pipe. */
    boolean isSelected();

    /**
     * A copy of a descriptor: the same open file description.
     *
     * @throws io.standpipe.bridge.ErrnoException EBADF if it is not open
     */
    Fd copy(int number) throws IOException;

    boolean isCloseOnExec(int number) throws IOException;

    @Override
    void close();
}
