// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.checkpoint.CheckpointOperation;
import io.standpipe.internal.checkpoint.ImageTarget;
import io.standpipe.internal.inplace.FdRelease;
import io.standpipe.internal.inplace.TrackedFds;
import io.standpipe.internal.jdk.JavaPipeObjects;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.store.MemoryImage;
import io.standpipe.internal.sys.WaitLimit;


import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Pipes of this JVM that are saved, and restored at the same descriptors: the Java objects over them go on working, selectors
 * and their registered keys included.
 *
 * <pre>{@code
 * PipesInPlace pipes = PipesInPlace.of(pipe, process, System.in);
 * pipes.writeTo(Path.of("app.ckpt"));
 * ...
 * pipes.restore(Restore.from(Path.of("app.ckpt")));
 * }</pre>
 *
 * A restore puts back what was in the pipes at the checkpoint: a pipe whose ends are all named is replaced by a new pipe with
 * those bytes, and threads that are blocked in the old pipe go on at the new one. A pipe with an external holder, for example
 * a child process at the other end, is kept as it is, since the holder would be cut off from a new pipe; the checkpoint
 * consumed nothing, so nothing is missing. Bytes that Java has buffered stay in the objects.
 *
 * <p>An end that was closed in Java since the checkpoint, by the application or by the JDK when a child ended, stays closed.
 *
 * <p>A restore never overwrites a descriptor that something else has taken meanwhile: it is refused, and nothing is changed.
 * Nobody may close the named objects during a restore.
 *
 * <p>Holds no descriptor, with one exception: a former pipe in which a thread may still wait, which the report mentions, stays
 * open until the next restore or {@link #vacate}. The thread would take its closing for the end of the data. Safe for use by
 * several threads, whose calls are executed one at a time.
 *
 * @since 0.1
 */
public final class PipesInPlace {

    private final JavaPipeObjects named;
    private final boolean cuttingOff;
    private final @Nullable Duration timeout;
    private final TrackedFds tracked = new TrackedFds();

    private PipesInPlace(JavaPipeObjects named, boolean cuttingOff, @Nullable Duration timeout) {
        this.named = named;
        this.cuttingOff = cuttingOff;
        this.timeout = timeout;
    }

    /** Names pipes by objects, in all the ways of {@link Checkpoint#ofObjects}. */
    public static PipesInPlace of(Object... objects) {
        return new PipesInPlace(JavaPipeObjects.of(objects).leavingBuffered(), false, null);
    }

    /**
     * Returns the same pipes, without a checkpoint, to be replaced even where they have external holders, which are then cut
     * off: both the holders and the restored pipe see the end of the data, or that there is no reader.
     */
    public PipesInPlace cuttingOffOthers() {
        return new PipesInPlace(named, true, timeout);
    }

    /**
     * Returns the same pipes, without a checkpoint, of which each operation waits no longer than this: {@link #writeTo(OutputStream)} for
     * the stream (without this choice without end), {@link #vacate} for external holders that are about to leave, such as a child that
     * has not become its command yet (without this choice half a second). A restore has a timeout of its own,
     * {@link Restore#timeout}, which is for such holders, too.
     *
     * @param most zero or more
     * @throws IllegalArgumentException if it is negative
     */
    public PipesInPlace timeout(Duration most) {
        return new PipesInPlace(named, cuttingOff, WaitLimit.notNegative(most));
    }

    /**
     * Saves the pipes as they are, to a file, as {@link Checkpoint#writeTo(Path)} does; they go on.
     *
     * @throws StandpipeException if it fails
     */
    public CheckpointReport writeTo(Path image) throws StandpipeException {
        return save(ImageTarget.path(image, Durability.MEDIUM));
    }

    /**
     * Sends the image to a stream, as {@link Checkpoint#writeTo(OutputStream)} does.
     *
     * @throws StandpipeException if it fails
     */
    public CheckpointReport writeTo(OutputStream image) throws StandpipeException {
        return save(ImageTarget.stream(image));
    }

    /**
     * Sends the image to a channel, as {@link Checkpoint#writeTo(WritableByteChannel)} does.
     *
     * @throws StandpipeException if it fails
     */
    public CheckpointReport writeTo(WritableByteChannel image) throws StandpipeException {
        return save(ImageTarget.channel(image));
    }

    /**
     * Writes the image to a store, as {@link Checkpoint#writeTo(ImageStore)} does.
     *
     * @throws StandpipeException if it fails
     */
    public CheckpointReport writeTo(ImageStore image) throws StandpipeException {
        return save(ImageTarget.store(image));
    }

    /**
     * Sends the image to a descriptor of this process, as {@link Checkpoint#streamTo} does.
     *
     * @throws StandpipeException if it fails
     */
    public CheckpointReport streamTo(int descriptor) throws StandpipeException {
        return save(ImageTarget.descriptor(descriptor));
    }

    /**
     * Saves the pipes as they are, and returns the image.
     *
     * @throws StandpipeException if it fails, as in {@link #writeTo(Path)}
     */
    public byte[] toBytes() throws StandpipeException {
        try (MemoryImage image = MemoryImage.create()) {
            streamTo(image.descriptor());
            return image.bytes();
        }
    }

    private synchronized CheckpointReport save(ImageTarget target) throws StandpipeException {
        checkNotVacant();
        Checkpoint checkpoint = Checkpoint.of(named);
        CheckpointOperation operation = (timeout == null ? checkpoint : checkpoint.timeout(timeout)).operation();
        CheckpointReport report = operation.writeTo(target);
        tracked.track(operation.savedPipes());
        return report;
    }

    /**
     * Closes the pipes' descriptors, which {@link #restore} opens again: for a checkpoint of the whole JVM that allows no open
     * pipe. Until then the Java objects count as closed, so that they read and write no other file that gets such a descriptor.
     *
     * @throws StandpipeException if no checkpoint was taken, a descriptor is something else by now, a thread waits in one of
     *     the pipes, or a pipe has an external holder; then nothing is closed
     */
    public synchronized void vacate() throws StandpipeException {
        NativeLibrary.require();
        checkNotVacant();
        if (tracked.fds().isEmpty()) {
            throw new StandpipeException("no checkpoint was taken of these pipes: what is in them would be lost");
        }
        FdRelease.release(tracked, named, cuttingOff, WaitLimit.of(timeout));
    }

    private void checkNotVacant() throws StandpipeException {
        if (tracked.isReleased()) {
            throw new StandpipeException("the numbers " + numbers() + " are vacant: restore the pipes first");
        }
    }

    /**
     * Restores the pipes at their descriptors: all, or none if one cannot be restored.
     *
     * @param restore from an image of these pipes, with the options that are to apply
     * @throws StandpipeException if the image cannot be restored, or something else has a descriptor, which the message names
     */
    public synchronized InPlaceReport restore(Restore restore) throws StandpipeException {
        return restore.inPlace(tracked, tracked.claimedBy(named), cuttingOff);
    }

    /**
     * Returns the numbers of the descriptors that objects stand for now, ascending; an object that is closed adds none.
     *
     * @throws UnavailableException if the native library cannot be loaded
     */
    public static Set<Integer> numbersOf(Object... objects) throws UnavailableException {
        NativeLibrary.require();
        return JavaPipeObjects.of(objects).fds();
    }

    /** Returns the numbers of the descriptors that the last checkpoint saved, ascending. */
    public synchronized Set<Integer> numbers() {
        return new TreeSet<>(tracked.fds());
    }
}
