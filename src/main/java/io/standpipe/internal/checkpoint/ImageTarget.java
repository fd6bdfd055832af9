// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CheckpointReport;
import io.standpipe.Durability;
import io.standpipe.ImageStore;
import io.standpipe.StandpipeException;
import io.standpipe.internal.jdk.DescriptorBelow;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.store.OutputStreamChannel;
import io.standpipe.internal.store.PathStore;
import io.standpipe.internal.sys.Failures;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the image of a checkpoint goes to. A stream or channel below which an fd is known gets the image through that fd, so that
 * payload need not enter user space.
 *
 * @param destination a {@code Path}, or a name, for those who observe the checkpoint
 */
public record ImageTarget(Object destination, Opener opener) {

    /** In place of an fd. */
    static final int NO_FD = -1;

    /** Opens a target for one image. */
    interface Opener {
        Opened open() throws StandpipeException;
    }

    /** Writes what is saved, no longer than a limit. */
    private interface Writing {
        CheckpointReport write(ImageSaver saver, boolean frozen) throws StandpipeException;
    }

    /**
     * A target that is ready.
     *
     * @param fd that the image is sent to, or {@link #NO_FD}
     * @param below what is closed afterwards
     */
    record Opened(int fd, Writing writing, @Nullable DescriptorBelow below) implements AutoCloseable {

        /** @param frozen whether processes are frozen meanwhile, of which one may be the reader */
        CheckpointReport take(ImageSaver saver, boolean frozen) throws StandpipeException {
            return writing.write(saver, frozen);
        }

        @Override
        public void close() {
            if (below != null) {
                below.close();
            }
        }
    }

    /** Writes a file, on whatever file system the path is of; what another one than the default one makes durable, it alone knows. */
    public static ImageTarget path(Path image, Durability durability) {
        return PathStore.isLocal(image)
                ? new ImageTarget(image, () -> new Opened(NO_FD, (saver, frozen) -> saver.toFile(image, durability), null))
                : store(new PathStore(image));
    }

    /** Sends the image to an fd of this process, which stays open. */
    public static ImageTarget descriptor(int fd) {
        String name = FdSink.name(fd);
        return new ImageTarget("descriptor " + fd, () -> new Opened(fd, (saver, frozen) -> saver.toStream(fd, name, frozen), null));
    }

    /** Sends the image to a stream, which stays open. */
    public static ImageTarget stream(OutputStream stream) {
        String name = "stream " + stream.getClass().getName();
        return new ImageTarget(name, () -> open(stream, name, (saver, frozen) -> {
            OutputStreamChannel channel = new OutputStreamChannel(stream);
            return saver.toChannel(channel, channel::flush, name, frozen);
        }));
    }

    /** Sends the image to a channel, which stays open. */
    public static ImageTarget channel(WritableByteChannel channel) {
        String name = "channel " + channel.getClass().getName();
        return new ImageTarget(name, () -> open(channel, name, (saver, frozen) -> saver.toChannel(channel, () -> {}, name, frozen)));
    }

    /** Writes the image to a store. */
    public static ImageTarget store(ImageStore store) {
        return new ImageTarget(store, () -> new Opened(NO_FD, (saver, frozen) -> saver.toStore(store, frozen), null));
    }

    /** @param copying what is done where no fd is known */
    private static Opened open(Object object, String name, Writing copying) throws StandpipeException {
        DescriptorBelow below;
        try {
            below = DescriptorBelow.ofOutput(object);
        } catch (IOException e) {
            throw Failures.of(name, e);
        }
        if (below == null) {
            return new Opened(NO_FD, copying, null);
        }
        int fd = below.fd();
        return new Opened(fd, (saver, frozen) -> saver.whileOpen(below::isOpen).toStream(fd, name, frozen), below);
    }
}
