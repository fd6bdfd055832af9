// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac;

import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Saves pipes of this JVM before a CRaC checkpoint and closes every fd of these pipes. After the restore the pipes are open
 * again at the same fds, with the same bytes, and the Java objects over them go on.
 *
 * <pre>{@code
 * StandpipeResource.toFile(PipesInPlace.of(pipe), Path.of("cr/pipes.ckpt")).register();
 * }</pre>
 *
 * <p>Order: CRaC calls beforeCheckpoint in the reverse order of registration and afterRestore in the order of registration.
 * Register this resource before the resources whose work goes through the pipes: these resources have then stopped when the
 * pipes are saved, and find the pipes restored when they start again.
 *
 * <p>If anything fails before the checkpoint, the pipes stay as they were, and the exception that vetoes the checkpoint names
 * the cause, such as a thread that waits in a pipe, or a pipe that a child process holds too. If another resource vetoes the
 * checkpoint later, CRaC calls afterRestore, which restores the pipes.
 *
 * <p>Safe for use by several threads.
 */
public final class StandpipeResource implements Resource {

    /** CRaC holds resources weakly: a resource that nothing else held would never be called. */
    private static final Set<StandpipeResource> REGISTERED = ConcurrentHashMap.newKeySet();

    private final PipesInPlace pipes;
    private final @Nullable Path file;
    private final UnaryOperator<Restore> options;
    private byte @Nullable [] heapImage;
    private boolean vacated;

    private StandpipeResource(PipesInPlace pipes, @Nullable Path file, UnaryOperator<Restore> options) {
        this.pipes = pipes;
        this.file = file;
        this.options = options;
    }

    /**
     * Returns a resource that keeps the image in a file, beside the image of CRaC for example. The next checkpoint overwrites
     * the file; a restore leaves the file, so that a JVM can be restored from one checkpoint many times.
     *
     * @param image must exist when the JVM is restored; a relative path is resolved now, since the restored JVM may run in
     *     another directory
     */
    public static StandpipeResource toFile(PipesInPlace pipes, Path image) {
        return new StandpipeResource(pipes, image.toAbsolutePath(), restore -> restore);
    }

    /** Returns a resource that keeps the image in the heap, which is part of the image of CRaC. */
    public static StandpipeResource inHeap(PipesInPlace pipes) {
        return new StandpipeResource(pipes, null, restore -> restore);
    }

    /**
     * Returns a resource for the same pipes and image place whose restore has these options.
     *
     * @param options for example {@link Restore#bestEffort} or {@link Restore#fifosBelow}
     */
    public StandpipeResource allowing(UnaryOperator<Restore> options) {
        return new StandpipeResource(pipes, file, options);
    }

    /** Registers this resource with CRaC's global context, and holds this resource until {@link #forget}. */
    public StandpipeResource register() {
        if (REGISTERED.add(this)) {
            Core.getGlobalContext().register(this);
        }
        return this;
    }

    /** Releases what {@link #register} held: CRaC drops this resource once nothing else refers to it. */
    public void forget() {
        REGISTERED.remove(this);
    }

    @Override
    public synchronized void beforeCheckpoint(Context<? extends Resource> context) throws StandpipeException {
        if (file == null) {
            heapImage = pipes.toBytes();
        } else {
            pipes.checkpoint(file);
        }
        try {
            pipes.vacate();
            vacated = true;
        } finally {
            if (!vacated) {
                heapImage = null;
            }
        }
    }

    @Override
    public synchronized void afterRestore(Context<? extends Resource> context) throws StandpipeException {
        if (vacated) {
            Restore restore = file == null ? Restore.fromBytes(Objects.requireNonNull(heapImage)) : Restore.from(file);
            pipes.restore(options.apply(restore));
            vacated = false;
            heapImage = null;
        }
    }
}
