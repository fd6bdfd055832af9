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
 * Restored descriptors, by the numbers that they had. All are open, close-on-exec, under new numbers in this process, and
 * closed together with this object, but for those taken as a stream or channel: from then on that closes them.
 *
 * <p>Not safe for use by several threads; what is taken from it is as safe as its own class.
 */
public final class RestoredPipes implements AutoCloseable {

    private final RestoredProcess process;
    private final List<String> deviations;

    RestoredPipes(RestoredProcess process, List<String> deviations) {
        this.process = process;
        this.deviations = deviations;
    }

    /** What is not as it was, a sentence each: what the caller of {@link Restore} chose, or what no call could make. */
    public List<String> deviations() {
        return deviations;
    }

    /** The numbers that the descriptors had when they were saved, ascending. */
    public SortedSet<Integer> numbers() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(process.fds().keySet()));
    }

    /**
     * The descriptor that had a number. It stays this object's to close, unless the caller hands it on with
     * {@link Fd#release()}.
     *
     * @throws NoSuchElementException if there was none
     */
    public Fd descriptor(int number) {
        Fd descriptor = process.fds().get(number);
        if (descriptor == null) {
            throw new NoSuchElementException(
                    "no descriptor had number " + number + "; those restored had " + process.fds().keySet());
        }
        return descriptor;
    }

    /**
     * A read end as a stream, which owns the descriptor from now on.
     *
     * <p>With O_NONBLOCK set on its description, a read from an empty pipe fails instead of waiting.
     */
    public InputStream inputStream(int number) {
        return new PipeInputStream(new FileInputStream(FdCalls.toJava(descriptor(number))));
    }

    /** A write end as a stream, which owns the descriptor from now on. */
    public OutputStream outputStream(int number) {
        return new FileOutputStream(FdCalls.toJava(descriptor(number)));
    }

    /** A read end as a channel, which owns the descriptor from now on. Not selectable. */
    @SuppressWarnings("resource") // the channel closes the stream
    public FileChannel readChannel(int number) {
        return new FileInputStream(FdCalls.toJava(descriptor(number))).getChannel();
    }

    /** A write end as a channel, which owns the descriptor from now on. Not selectable. */
    @SuppressWarnings("resource") // the channel closes the stream
    public FileChannel writeChannel(int number) {
        return new FileOutputStream(FdCalls.toJava(descriptor(number))).getChannel();
    }

    /**
     * A read end as a selectable channel, which owns the descriptor from now on. It blocks, unless O_NONBLOCK is set on its
     * description.
     */
    public Pipe.SourceChannel sourceChannel(int number) throws StandpipeException {
        return SelectableChannels.source(descriptor(number));
    }

    /** A write end as a selectable channel, in the same way. */
    public Pipe.SinkChannel sinkChannel(int number) throws StandpipeException {
        return SelectableChannels.sink(descriptor(number));
    }

    /** The number that each descriptor had, to the one it has now. */
    public Map<Integer, Integer> placement() {
        return process.placement();
    }

    /** Closes every descriptor that was not taken; that sends no signal to this process. */
    @Override
    public void close() {
        process.close();
    }
}
