// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.ErrnoException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What pipes are restored from: the checked description of what was saved, and the payload. */
public interface PayloadSource extends AutoCloseable {

    /** Opens the source, anew for each restore. */
    interface Opener {
        PayloadSource open(ProgressTracker progress, WaitLimit limit) throws StandpipeException;
    }

    /** Reads and checks everything but the payload, and returns the processes that were saved. */
    List<Image.Process> processes() throws StandpipeException;

    /** Returns the pipes by objref, in the order in which they were met; to be called after {@link #processes()}. */
    Map<Integer, Image.Pipe> pipes();

    /** Returns the pipe with an objref of one of the processes. */
    default Image.Pipe pipe(int objref) {
        return Objects.requireNonNull(pipes().get(objref));
    }

    /** Moves the source's own fds above an fd, so that those up to it can be restored. */
    default void freeFdsTo(int highest) throws ErrnoException {}

    /** Prepares the payload of a pipe, each byte of which can be taken once and in order. */
    void begin(Image.Pipe pipe) throws StandpipeException;

    /**
     * Moves bytes of the pipe begun last into a pipe, without a copy.
     *
     * @param offsetBytes where in the image the bytes are
     */
    void splice(int pipe, long offsetBytes, long lengthBytes) throws StandpipeException, ErrnoException;

    /** Copies so many bytes of the pipe begun last to the start of memory, or throws. */
    void read(long offsetBytes, NativeMemory into, int lengthBytes) throws StandpipeException;

    /** Sends bytes of the pipe begun last to a sink. */
    void send(long offsetBytes, long lengthBytes, FdSink sink) throws StandpipeException;

    /** Returns the source's name in messages. */
    @Override
    String toString();

    @Override
    void close();
}
