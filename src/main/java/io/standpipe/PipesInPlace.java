// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.inplace.FdRelease;
import io.standpipe.internal.inplace.TrackedFds;
import io.standpipe.internal.jdk.JavaPipeObjects;
import io.standpipe.internal.store.MemoryImage;


import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Pipes of this JVM that are saved, and restored at the same numbers: the Java objects over them go on working, selectors and
 * their registered keys included.
 *
 * <pre>{@code
 * PipesInPlace pipes = PipesInPlace.of(pipe, process, System.in);
 * pipes.checkpoint(Path.of("app.ckpt"));
 * ...
 * pipes.restore(Restore.from(Path.of("app.ckpt")));
 * }</pre>
 *
 * A restore puts back what was in the pipes at the checkpoint: a pipe whose ends are all named is replaced by a new one with
 * those bytes, and threads that are blocked in it go on at the new one. A pipe that somebody else holds too - a child process
 * at the other end, say - is left as it is, since its holder would be cut off from a new one: nothing in it was consumed, so
 * nothing is missing. Bytes that Java has buffered stay in the objects, which go on.
 *
 * <p>What was closed in Java since the checkpoint, by its user or by the JDK when a child ended, stays closed.
 *
 * <p>A number that something else has taken meanwhile is never overwritten: then the restore is refused, and nothing is
 * changed. Nobody may close the named objects while it is under way.
 *
 * <p>Holds no descriptor, but those of a former pipe in which a thread may still wait, as the report says then, until the next
 * restore, or until the numbers are vacated: the thread would take their closing for the end of what it reads. Safe for use by
 * several threads; one call at a time is carried out.
 */
public final class PipesInPlace {

    private final JavaPipeObjects named;
    private final boolean cuttingOff;
    private final TrackedFds places = new TrackedFds();

    private PipesInPlace(JavaPipeObjects named, boolean cuttingOff) {
        this.named = named;
        this.cuttingOff = cuttingOff;
    }

    /** Pipes named by objects, in all the ways of {@link Checkpoint#ofObjects}. */
    public static PipesInPlace of(Object... objects) {
        return new PipesInPlace(JavaPipeObjects.of(objects).leavingBuffered(), false);
    }

    /**
     * The same, of which no checkpoint was taken yet, with pipes that somebody else holds replaced too: the others are cut
     * off. They see the end, or that nobody reads, and so does the restored pipe.
     */
    public PipesInPlace cuttingOffOthers() {
        return new PipesInPlace(named, true);
    }

    /** Saves the pipes as they are, to a file; they go on. */
    public CheckpointReport checkpoint(Path image) throws StandpipeException {
        return save(checkpoint -> checkpoint.writeTo(image, places::track));
    }

    /** Sends the image to a descriptor of this process, as {@link Checkpoint#streamTo} does. */
    public CheckpointReport streamTo(int descriptor) throws StandpipeException {
        return save(checkpoint -> checkpoint.streamTo(descriptor, places::track));
    }

    /** Saves the pipes as they are, to an image in the heap. */
    public byte[] toBytes() throws StandpipeException {
        try (MemoryImage image = MemoryImage.create()) {
            streamTo(image.descriptor());
            return image.bytes();
        }
    }

    private interface Saving {
        CheckpointReport save(Checkpoint checkpoint) throws StandpipeException;
    }

    private synchronized CheckpointReport save(Saving saving) throws StandpipeException {
        checkNotVacant();
        return saving.save(Checkpoint.of(named));
    }

    /**
     * Closes the numbers, which the pipes get again in {@link #restore}. For a checkpoint of the whole JVM that allows no
     * open pipe.
     *
     * @throws StandpipeException if no checkpoint was taken, a number has something else by now, a thread waits in one of the
     *     pipes, or somebody else holds one; then nothing is closed
     */
    public synchronized void vacate() throws StandpipeException {
        checkNotVacant();
        if (places.fds().isEmpty()) {
            throw new StandpipeException("no checkpoint was taken of these pipes: what is in them would be lost");
        }
        FdRelease.release(places, cuttingOff);
    }

    private void checkNotVacant() throws StandpipeException {
        if (places.isReleased()) {
            throw new StandpipeException("the numbers " + numbers() + " are vacant: restore the pipes first");
        }
    }

    /**
     * Restores the pipes at their numbers: all, or none if that fails.
     *
     * @param restore from an image of just these pipes, with what its caller allows
     * @throws StandpipeException also if a number is taken by something else, which the message names
     */
    public synchronized InPlaceReport restore(Restore restore) throws StandpipeException {
        return restore.inPlace(places, named.fds(), cuttingOff);
    }

    /** The numbers that objects stand for now: of those that are closed, none. */
    public static Set<Integer> numbersOf(Object... objects) {
        return JavaPipeObjects.of(objects).fds();
    }

    /** The numbers that the last checkpoint saved, ascending. */
    public synchronized Set<Integer> numbers() {
        return new TreeSet<>(places.fds());
    }
}
