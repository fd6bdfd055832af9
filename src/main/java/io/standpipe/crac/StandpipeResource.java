// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac;

import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Saves pipes of this JVM before a CRaC checkpoint and closes every descriptor of them; afterwards they are there again, at the
 * same numbers, with the same bytes, and the Java objects over them go on.
 *
 * <pre>{@code
 * StandpipeResource.toFile(PipesInPlace.of(pipe), Path.of("cr/pipes.ckpt")).register();
 * }</pre>
 *
 * <p>Order: CRaC calls beforeCheckpoint in the reverse order of registration and afterRestore in the order of registration.
 * Register this one before the resources whose work goes through the pipes: then they have stopped when the pipes are saved,
 * and find the pipes restored when they start again.
 *
 * <p>If anything fails before the checkpoint then all is as it was, and the exception that vetoes the checkpoint says why: a
 * thread that waits in a pipe, a pipe that a child process holds too. If another resource vetoes it later, then the pipes are
 * restored all the same, since CRaC calls afterRestore then.
 *
 * <p>Safe for use by several threads.
 */
@SuppressWarnings("exports") // Whoever uses this has org.crac, and whoever does not need not have it.
public final class StandpipeResource implements Resource {

    /** CRaC itself keeps resources weakly: one that nobody held would silently never be called. */
    private static final Set<StandpipeResource> REGISTERED = ConcurrentHashMap.newKeySet();

    private final PipesInPlace pipes;
    private final ImagePlace place;
    private final UnaryOperator<Restore> allowed;
    private boolean vacated;

    private StandpipeResource(PipesInPlace pipes, ImagePlace place, UnaryOperator<Restore> allowed) {
        this.pipes = pipes;
        this.place = place;
        this.allowed = allowed;
    }

    /** Keeps the image in a file, beside that of CRaC, say. It must be there when the JVM is restored. */
    public static StandpipeResource toFile(PipesInPlace pipes, Path image) {
        return new StandpipeResource(pipes, new ImageInFile(image), restore -> restore);
    }

    /** Keeps the image in the heap, which CRaC's own image holds. */
    public static StandpipeResource inHeap(PipesInPlace pipes) {
        return new StandpipeResource(pipes, new ImageInHeap(), restore -> restore);
    }

    /** The same, with what is allowed of a restore: FIFOs, best effort. */
    public StandpipeResource allowing(UnaryOperator<Restore> chosen) {
        return new StandpipeResource(pipes, place, chosen);
    }

    /** Registers it with CRaC's global context, and holds it until {@link #forget}. */
    public StandpipeResource register() {
        if (REGISTERED.add(this)) {
            Core.getGlobalContext().register(this);
        }
        return this;
    }

    /** Holds it no more: CRaC forgets it when nobody else does. */
    public void forget() {
        REGISTERED.remove(this);
    }

    @Override
    public synchronized void beforeCheckpoint(Context<? extends Resource> context) throws StandpipeException {
        place.save(pipes);
        boolean complete = false;
        try {
            pipes.vacate();
            vacated = true;
            complete = true;
        } finally {
            if (!complete) {
                place.forget();
            }
        }
    }

    @Override
    public synchronized void afterRestore(Context<? extends Resource> context) throws StandpipeException {
        if (vacated) {
            place.restore(pipes, allowed);
            vacated = false;
            place.forget();
        }
    }
}
