// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.ImageStore;
import io.standpipe.StandpipeException;
import io.standpipe.internal.jdk.DescriptorBelow;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.store.BufferedInput;
import io.standpipe.internal.store.ChannelInput;
import io.standpipe.internal.store.FdInput;
import io.standpipe.internal.store.ImageFileSource;
import io.standpipe.internal.store.ImageInput;
import io.standpipe.internal.store.InputStreamChannel;
import io.standpipe.internal.store.PathStore;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.TimedInterrupt;
import io.standpipe.internal.sys.WaitLimit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the image of a restore comes from. From a stream or channel below which an fd is known the image comes through that fd, so
 * that payload need not enter user space. What is no file is received into memory as a whole, and checked, before anything is made.
 */
public final class ImageSource {

    private static final int STANDARD_INPUT = 0;

    private ImageSource() {}

    /** Reads a file, on whatever file system the path is of. */
    public static PayloadSource.Opener path(Path image) {
        return PathStore.isLocal(image)
                ? (tracker, limit) -> ImageFileSource.open(image)
                : store(new PathStore(image));
    }

    /** Receives an image through an fd of this process, which stays open. */
    public static PayloadSource.Opener descriptor(int fd) {
        String name = "image from " + (fd == STANDARD_INPUT ? "standard input" : FdSink.name(fd));
        return (tracker, limit) -> {
            try (ImageInput input = new FdInput(fd, name, limit)) {
                return receive(input, tracker);
            }
        };
    }

    /** Receives an image through a stream, which stays open. */
    public static PayloadSource.Opener stream(InputStream stream) {
        String name = "image from stream " + stream.getClass().getName();
        return (tracker, limit) -> {
            // The JDK takes what is left in the pipe of a process that ends, under this lock.
            synchronized (stream) {
                return receive(stream, new InputStreamChannel(stream), name, tracker, limit);
            }
        };
    }

    /** Receives an image through a channel, which stays open. */
    public static PayloadSource.Opener channel(ReadableByteChannel channel) {
        return (tracker, limit) -> receive(channel, channel, "image from channel " + channel.getClass().getName(), tracker, limit);
    }

    /** Receives an image from a store. */
    public static PayloadSource.Opener store(ImageStore store) {
        return (tracker, limit) -> {
            String name = "image " + store;
            try {
                return TimedInterrupt.within(limit, name, () -> receive(store, name, tracker, limit));
            } catch (IOException e) {
                throw Failures.of(name, e);
            }
        };
    }

    private static PayloadSource receive(ImageStore store, String name, ProgressTracker tracker, WaitLimit limit) throws IOException {
        ReadableByteChannel channel = store.open();
        if (channel == null) {
            throw new StandpipeException(name + ": its open() returned null");
        }
        try {
            return receive(channel, channel, name, tracker, limit);
        } finally {
            close(channel);
        }
    }

    /** What is received is checked by itself, whatever closing fails with. */
    private static void close(ReadableByteChannel channel) {
        try {
            channel.close();
        } catch (IOException | RuntimeException e) {
            System.getLogger(ImageSource.class.getName()).log(System.Logger.Level.WARNING, "not closed as it should be: " + channel, e);
        }
    }

    /**
     * @param object below which an fd may be
     * @param channel that reads the same, where none is
     */
    private static PayloadSource receive(
            Object object, ReadableByteChannel channel, String name, ProgressTracker tracker, WaitLimit limit)
            throws StandpipeException {
        NativeLibrary.require();
        try (DescriptorBelow below = DescriptorBelow.ofInput(object); ImageInput input = input(below, channel, name, limit)) {
            return below == null ? TimedInterrupt.within(limit, name, () -> receive(input, tracker)) : receive(input, tracker);
        } catch (IOException e) {
            throw Failures.of(name, e);
        }
    }

    private static ImageInput input(@Nullable DescriptorBelow below, ReadableByteChannel channel, String name, WaitLimit limit) {
        if (below == null) {
            return new ChannelInput(channel, name, limit);
        }
        ImageInput input = new FdInput(below.fd(), name, limit.whileOpen(below::isOpen));
        return below.bufferedInputBytes() == 0
                ? input
                : new BufferedInput(new ChannelInput(channel, name, limit), below.bufferedInputBytes(), input);
    }

    private static PayloadSource receive(ImageInput input, ProgressTracker tracker) throws StandpipeException {
        return ImageFileSource.receive(input, tracker);
    }
}
