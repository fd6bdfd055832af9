// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.pipe.ErrnoException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What pipes are restored from: what was saved of them, checked, and their bytes. */
public interface PayloadSource extends AutoCloseable {

    /** Opens the source, anew for each restore. */
    interface Opener {
        PayloadSource open(ProgressTracker reporter) throws StandpipeException;
    }

    /** Reads and checks all of it, before anything is made. */
    List<Image.Process> processes() throws StandpipeException;

    /** Returns the pipes by objref, in the order in which they were met; to be called after {@link #processes()}. */
    Map<Integer, Image.Pipe> pipes();

    /** Returns the pipe with an objref of one of the processes. */
    default Image.Pipe pipe(int objref) {
        return Objects.requireNonNull(pipes().get(objref));
    }

    /** Frees the numbers up to one of the descriptors that it has opened itself: they are to be filled. */
    default void freeNumbersTo(int highest) throws ErrnoException {}

    /** Gets ready to give a pipe's bytes, each of them once and in order. */
    void begin(Image.Pipe pipe) throws StandpipeException;

    /** Moves bytes of the pipe begun last into a pipe, without a copy. */
    void splice(int pipe, long offsetBytes, long lengthBytes) throws StandpipeException, ErrnoException;

    /** Fills memory with bytes of the pipe begun last, from the memory's start, or fails. */
    void read(long offsetBytes, NativeMemory into, int lengthBytes) throws StandpipeException;

    /** Sends bytes of the pipe begun last to wherever bytes can be sent. */
    void send(long offsetBytes, long lengthBytes, FdSink outlet) throws StandpipeException;

    /** Names it in messages. */
    @Override
    String toString();

    @Override
    void close();
}
