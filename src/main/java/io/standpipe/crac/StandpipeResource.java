// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac;

import io.standpipe.InPlaceReport;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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
 * <p>A JDK with CRaC asks its Java objects what is open, and the kernel. Between checkpoint and restore the objects count as closed,
 * and reading or writing them throws an {@link IOException}. Pipes that are named by number alone are closed, but the JDK complains
 * of the objects over them: name the objects.
 *
 * <p>Safe for use by several threads.
 *
 * @since 0.1
 */
public final class StandpipeResource implements Resource {

    /** CRaC holds resources weakly: a resource that nothing else held would never be called. */
    private static final Set<StandpipeResource> REGISTERED = ConcurrentHashMap.newKeySet();

    private static final String POLICIES_PROPERTY = "jdk.crac.resource-policies";
    private static final String END_OF_RULE = "---";
    private static final int STANDARD_ERROR = 2;

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
            pipes.writeTo(file);
        }
        try {
            checkNoStandardStream();
            checkPolicies();
            pipes.vacate();
            vacated = true;
        } finally {
            if (!vacated) {
                heapImage = null;
            }
        }
    }

    /** CRaC leaves these open, and a JVM that is restored has those of the process that restores it. */
    private void checkNoStandardStream() throws StandpipeException {
        for (int fd : pipes.numbers()) {
            if (fd <= STANDARD_ERROR) {
                throw new StandpipeException("descriptor " + fd + ": a standard stream, which CRaC leaves open, and which a restored"
                        + " JVM has from the process that starts it; do not name it for a checkpoint by CRaC");
            }
        }
    }

    /** A policy that closes pipes is for those that nobody takes care of; the JDK would close the vacated objects for good. */
    private static void checkPolicies() throws StandpipeException {
        String policies = System.getProperty(POLICIES_PROPERTY);
        if (policies != null && "close".equals(pipeAction(Path.of(policies)))) {
            throw new StandpipeException(policies + ": the policy for pipes is to close them, so that the JDK would close the"
                    + " Java objects of these pipes for good; remove that rule (property " + POLICIES_PROPERTY + ")");
        }
    }

    /** Returns the action of the first rule of type pipe, as the JDK finds it; null if there is none. */
    private static @Nullable String pipeAction(Path policies) throws StandpipeException {
        String type = null;
        String action = null;
        try (Stream<String> lines = Files.lines(policies)) {
            for (String line : Stream.concat(lines, Stream.of(END_OF_RULE)).map(String::strip).toList()) {
                String[] pair = line.split(":", 2);
                if (line.equals(END_OF_RULE)) {
                    if ("pipe".equals(type)) {
                        return action;
                    }
                    type = null;
                    action = null;
                } else if (pair[0].equalsIgnoreCase("type") && pair.length == 2) {
                    type = pair[1].strip().toLowerCase(Locale.ROOT);
                } else if (pair[0].equalsIgnoreCase("action") && pair.length == 2) {
                    action = pair[1].strip().toLowerCase(Locale.ROOT);
                }
            }
            return null;
        } catch (IOException | UncheckedIOException e) {
            throw new StandpipeException(policies + ": the resource policies cannot be read: " + e, e);
        }
    }

    @Override
    public synchronized void afterRestore(Context<? extends Resource> context) throws StandpipeException {
        if (vacated) {
            Set<Integer> all = pipes.numbers();
            Restore restore = file == null ? Restore.fromBytes(Objects.requireNonNull(heapImage)) : Restore.from(file);
            InPlaceReport report = pipes.restore(options.apply(restore));
            vacated = false;
            heapImage = null;
            all.removeAll(report.restored());
            if (!all.isEmpty()) {
                throw new StandpipeException("descriptors " + all + ": their Java objects were closed between checkpoint and"
                        + " restore; the other pipes are restored");
            }
        }
    }
}
