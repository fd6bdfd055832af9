// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;
import io.standpipe.internal.format.Task;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.BitSet;

/** The fds of a process whose pipes are saved: of this process, or of another. */
public interface DescriptorSource extends AutoCloseable {

    /** Returns what the image calls the process: its pid, or the id of a thread with an fd table of its own. */
    int id();

    /** Returns the process as the image has it. */
    Task task() throws StandpipeException;

    /** Returns the id of a thread that has the fd table, by which /proc and kcmp show it: the pid, unless only another thread has it. */
    default int thread() {
        return id();
    }

    /** Returns the fds to look at, ascending; the array is not changed. */
    int[] fds() throws StandpipeException;

    /** Returns the fds that the caller left out. */
    default BitSet leftOut() {
        return new BitSet();
    }

    /** Returns whether the caller named the fds: then each must be a pipe. */
    default boolean isSelected() {
        return true;
    }

    /** Returns whether the process is left out if it has ended. */
    default boolean isOptional() {
        return false;
    }

    /**
     * Returns a duplicate of an fd in this process, which the caller closes.
     *
     * @throws io.standpipe.pipe.ErrnoException EBADF if the fd is not open
     */
    Fd copy(int fd) throws IOException;

    boolean isCloseOnExec(int fd) throws IOException;

    /** Returns whether an fd still refers to the open file description that {@link #copy} duplicated. */
    boolean isStill(int fd, Fd copy) throws IOException;

    /** Returns how many fds there are to look at. */
    int count() throws IOException;

    /** Releases what serves to reach the process. Duplicates stay open. */
    @Override
    void close();
}
