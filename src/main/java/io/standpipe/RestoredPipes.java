// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.jdk.PipeInputStream;
import io.standpipe.internal.jdk.SelectableChannels;
import io.standpipe.internal.restore.RestoredProcess;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.Fd;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Restored fds, by the numbers that they had when they were saved. All are open, close-on-exec, at new numbers in this process,
 * and closed together with this object, except those taken as a stream or channel: the stream or channel then closes the fd.
 *
 * <p>Not safe for use by several threads; what is taken from this object is as safe as its own class.
 *
 * @since 0.1
 */
public final class RestoredPipes implements AutoCloseable {

    private final RestoredProcess process;
    private final List<String> deviations;

    RestoredPipes(RestoredProcess process, List<String> deviations) {
        this.process = process;
        this.deviations = deviations;
    }

    /** Returns what differs from what was saved, a sentence each: by the caller's choice, or because no call could prevent it. */
    public List<String> deviations() {
        return deviations;
    }

    /** Returns the saved fds, ascending. */
    public SortedSet<Integer> numbers() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(process.fds().keySet()));
    }

    /**
     * Returns a restored fd, which this object closes unless the caller hands it on with {@link Fd#release()}.
     *
     * @param number of the fd when it was saved
     * @throws NoSuchElementException if none had this number
     */
    public Fd descriptor(int number) {
        Fd fd = process.fds().get(number);
        if (fd == null) {
            throw new NoSuchElementException(
                    "no descriptor had number " + number + "; those restored had " + process.fds().keySet());
        }
        return fd;
    }

    private Fd untaken(int number) {
        Fd fd = descriptor(number);
        if (!fd.isOpen()) {
            throw new IllegalStateException("descriptor " + number + " is closed, or was taken before, as a stream, channel or number");
        }
        return fd;
    }

    /**
     * Returns a read end as a stream, which owns the fd from now on.
     *
     * <p>If O_NONBLOCK is set on its description, a read from an empty pipe fails instead of waiting.
     *
     * @throws NoSuchElementException if none had this number
     */
    public InputStream inputStream(int number) {
        return new PipeInputStream(new FileInputStream(FdCalls.toJava(untaken(number))));
    }

    /**
     * Returns a write end as a stream, which owns the fd from now on.
     *
     * @throws NoSuchElementException if none had this number
     */
    public OutputStream outputStream(int number) {
        return new FileOutputStream(FdCalls.toJava(untaken(number)));
    }

    /**
     * Returns a read end as a channel, which owns the fd from now on. The channel is not selectable.
     *
     * @throws NoSuchElementException if none had this number
     */
    @SuppressWarnings("resource") // the channel closes the stream
    public FileChannel readChannel(int number) {
        return new FileInputStream(FdCalls.toJava(untaken(number))).getChannel();
    }

    /**
     * Returns a write end as a channel, which owns the fd from now on. The channel is not selectable.
     *
     * @throws NoSuchElementException if none had this number
     */
    @SuppressWarnings("resource") // the channel closes the stream
    public FileChannel writeChannel(int number) {
        return new FileOutputStream(FdCalls.toJava(untaken(number))).getChannel();
    }

    /**
     * Returns a read end as a selectable channel, which owns the fd from now on. The channel blocks, unless O_NONBLOCK is set on
     * its description.
     *
     * @throws NoSuchElementException if none had this number
     * @throws StandpipeException if the JDK makes no channel of the fd
     */
    public Pipe.SourceChannel sourceChannel(int number) throws StandpipeException {
        return SelectableChannels.source(untaken(number));
    }

    /**
     * Returns a write end as a selectable channel, which owns the fd from now on. The channel blocks, unless O_NONBLOCK is set on
     * its description.
     *
     * @throws NoSuchElementException if none had this number
     * @throws StandpipeException if the JDK makes no channel of the fd
     */
    public Pipe.SinkChannel sinkChannel(int number) throws StandpipeException {
        return SelectableChannels.sink(untaken(number));
    }

    /**
     * Returns where each fd is now.
     *
     * @return the number of each fd when it was saved, ascending, to its number in this process
     */
    public Map<Integer, Integer> placement() {
        return process.placement();
    }

    /** Closes every fd that was not taken; closing sends no signal to this process. */
    @Override
    public void close() {
        process.close();
    }
}
