// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.checkpoint.CapturedPipes;
import io.standpipe.internal.checkpoint.ImageTarget;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.WaitLimit;
import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Pipes as they were at one instant, held in kernel memory: no byte of them was copied. It can be written to several places
 * and restored from, as often as wanted, until it is closed; the pipes it was taken of go on meanwhile.
 *
 * <pre>{@code
 * try (Snapshot snapshot = Checkpoint.ofTree(4711).snapshot()) {
 *     snapshot.writeTo(Path.of("app.ckpt"));
 *     RestoredPipes twin = Restore.from(snapshot).open();
 * }
 * }</pre>
 *
 * Holds a descriptor for each pipe that is not empty. Safe for use by several threads: closing it ends a writing that waits for
 * room in a stream, by a {@link CancelledException}, and lets other work that is under way complete.
 *
 * @since 0.1
 */
public final class Snapshot implements AutoCloseable {

    private final CapturedPipes pipes;
    private final Durability durability;

    Snapshot(CapturedPipes pipes, Durability durability) {
        this.pipes = pipes;
        this.durability = durability;
    }

    /**
     * Writes an image to a file, as {@link Checkpoint#writeTo(Path)} does.
     *
     * @throws StandpipeException if it fails
     */
    public CheckpointReport writeTo(Path image) throws StandpipeException {
        return write(ImageTarget.path(image, durability));
    }

    /**
     * Sends an image to a stream, which stays open, as {@link Checkpoint#writeTo(OutputStream)} does.
     *
     * @throws CancelledException if the thread is interrupted while it waits, or the stream is closed
     * @throws StandpipeException if it fails otherwise
     */
    public CheckpointReport writeTo(OutputStream image) throws StandpipeException {
        return write(ImageTarget.stream(image));
    }

    /**
     * Sends an image to a channel, which stays open, as {@link Checkpoint#writeTo(WritableByteChannel)} does.
     *
     * @throws CancelledException if the thread is interrupted while it waits, or the channel is closed
     * @throws StandpipeException if it fails otherwise
     */
    public CheckpointReport writeTo(WritableByteChannel image) throws StandpipeException {
        return write(ImageTarget.channel(image));
    }

    /**
     * Writes an image to a store, as {@link Checkpoint#writeTo(ImageStore)} does.
     *
     * @throws StandpipeException if it fails
     */
    public CheckpointReport writeTo(ImageStore image) throws StandpipeException {
        return write(ImageTarget.store(image));
    }

    /**
     * Sends an image to a descriptor, as {@link Checkpoint#streamTo} does.
     *
     * @throws CancelledException if the thread is interrupted while it waits
     * @throws StandpipeException if it fails otherwise
     */
    public CheckpointReport streamTo(int descriptor) throws StandpipeException {
        return write(ImageTarget.descriptor(descriptor));
    }

    private CheckpointReport write(ImageTarget target) throws StandpipeException {
        return pipes.writeTo(target, ProgressTracker.NONE, WaitLimit.NONE);
    }

    /** Returns how long the processes were frozen for it; zero if they were not. */
    public Duration frozen() {
        return pipes.frozen();
    }

    /** Returns how many pipes it holds. */
    public int pipes() {
        return pipes.count();
    }

    PayloadSource open() throws StandpipeException {
        return pipes.open();
    }

    /** Releases what it holds, when the last use that is under way has ended; nothing may be asked of it afterwards. */
    @Override
    public void close() {
        pipes.close();
    }
}
