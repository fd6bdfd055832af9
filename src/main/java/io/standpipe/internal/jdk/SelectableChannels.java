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

/** Channels of the JDK's own over descriptors: only the JDK's selectors can tell when they are ready, and only for those. */
public final class SelectableChannels {

    private static final String SOURCE = "sun.nio.ch.SourceChannelImpl";
    private static final String SINK = "sun.nio.ch.SinkChannelImpl";

    private SelectableChannels() {}

    public static Pipe.SourceChannel source(Fd readEnd) throws StandpipeException {
        return channel(readEnd, Flags.O_WRONLY, SOURCE, Pipe.SourceChannel.class);
    }

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
            // Lent until there is a channel: a FileDescriptor alone closes nothing.
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
