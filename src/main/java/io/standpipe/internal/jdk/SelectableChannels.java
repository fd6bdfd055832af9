// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jdk;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.JniReflection;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.spi.SelectorProvider;

/** Makes the JDK's own pipe channels over ends of pipes: the JDK's selectors take no other channels of pipes. */
public final class SelectableChannels {

    private static final String SOURCE = "sun.nio.ch.SourceChannelImpl";
    private static final String SINK = "sun.nio.ch.SinkChannelImpl";

    private SelectableChannels() {}

    /**
     * Makes a channel of a read end, which the channel owns from then on. The channel blocks unless O_NONBLOCK is set.
     *
     * @throws StandpipeException if the fd is a write end, or this JVM's class is not as expected
     */
    public static Pipe.SourceChannel source(Fd readEnd) throws StandpipeException {
        return channel(readEnd, Flags.O_WRONLY, SOURCE, Pipe.SourceChannel.class);
    }

    /**
     * Makes a channel of a write end, which the channel owns from then on. The channel blocks unless O_NONBLOCK is set.
     *
     * @throws StandpipeException if the fd is a read end, or this JVM's class is not as expected
     */
    public static Pipe.SinkChannel sink(Fd writeEnd) throws StandpipeException {
        return channel(writeEnd, Flags.O_RDONLY, SINK, Pipe.SinkChannel.class);
    }

    private static <T extends SelectableChannel> T channel(Fd end, int otherEnd, String className, Class<T> type)
            throws StandpipeException {
        try {
            int flags = FdCalls.statusFlags(end.number());
            if ((flags & Flags.O_ACCMODE) == otherEnd) {
                throw new StandpipeException("descriptor " + end.number() + ": it is the "
                        + (otherEnd == Flags.O_RDONLY ? "read" : "write") + " end, no " + type.getSimpleName());
            }
            // The end stays the owner until there is a channel: a FileDescriptor alone closes nothing.
            FileDescriptor lent = FdCalls.toJava(Fd.owning(end.number()));
            T channel = type.cast(construct(className, lent));
            end.release();
            if ((flags & Flags.O_NONBLOCK) != 0) {
                channel.configureBlocking(false);
            }
            return channel;
        } catch (ErrnoException e) {
            throw Failures.of("a channel", e);
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new StandpipeException("a channel: " + e, e);
        }
    }

    private static Object construct(String className, FileDescriptor descriptor) throws StandpipeException {
        try {
            return JniReflection.construct(
                    Class.forName(className), SelectorProvider.class, SelectorProvider.provider(), FileDescriptor.class,
                    descriptor);
        } catch (ClassNotFoundException | NoSuchMethodError e) {
            throw new StandpipeException("this JVM has no " + className + " to make a channel of: " + e, e);
        }
    }
}
