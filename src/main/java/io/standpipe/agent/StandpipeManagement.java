// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import io.standpipe.CheckpointReport;
import io.standpipe.ImageRefusedException;
import io.standpipe.InPlaceReport;
import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.jdk.BeanRegistration;
import io.standpipe.internal.observe.AgentLog;
import io.standpipe.internal.observe.Counters;
import io.standpipe.internal.observe.Counters.Counter;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The implementation of the MXBean. An application, or an agent of its own, calls {@link #name} for the objects whose pipes the
 * bean is to save. Holds nothing open, and loads no native code before the first operation. Safe for use by several threads.
 *
 * @since 0.1
 */
public final class StandpipeManagement implements StandpipeMXBean {

    private static final int MAX_IMAGES = 100;
    private static final int STANDARD_ERROR = 2;
    private static final List<String> ENDS = List.of("read", "write", "both");
    private static final StandpipeManagement SHARED = new StandpipeManagement();

    private final Map<String, List<Object>> named = new LinkedHashMap<>();

    /** The last images that were saved, each with the pipes that restore it. */
    private final Map<Path, PipesInPlace> images = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, PipesInPlace> eldest) {
            return size() > MAX_IMAGES;
        }
    };
    private volatile String lastReport = "";

    /** Null until it is needed: there are Java runtimes without MBeans. */
    private @Nullable BeanRegistration registration;

    /** Its components are named as getters, since JMX of JDK 17 finds no others. */
    private record End(int getDescriptor, String getEnd, long getInode, int getQueuedBytes, int getCapacityBytes, boolean isNamed)
            implements OpenPipeEnd {}

    private StandpipeManagement() {}

    /** Returns the only instance in this class loader. */
    public static StandpipeManagement shared() {
        return SHARED;
    }

    /**
     * Registers the bean with the platform's MBean server, if it is not. Its name is {@link StandpipeMXBean#NAME}, with a number
     * added if another class loader's copy of Standpipe has that name.
     *
     * @return whether the bean was registered by this call
     * @throws IllegalStateException if the server refuses the bean, or this Java runtime has no module java.management
     */
    public static boolean register() {
        if (!isPossible()) {
            throw new IllegalStateException("this Java runtime has no MBeans: its module java.management is missing");
        }
        synchronized (SHARED) {
            if (SHARED.registration == null) {
                SHARED.registration = new BeanRegistration(SHARED, NAME);
            }
            return SHARED.registration.register();
        }
    }

    /** Returns whether this Java runtime has MBeans. */
    public static boolean isPossible() {
        return ModuleLayer.boot().findModule("java.management").isPresent();
    }

    /** Unregisters the bean of this class loader, which can then be unloaded. A bean of another class loader stays. */
    public static void unregister() {
        SHARED.unregisterIfRegistered();
    }

    private synchronized void unregisterIfRegistered() {
        if (registration != null) {
            registration.unregister();
        }
    }

    /** Returns whether the bean of this class loader has this name. */
    public synchronized boolean isRegisteredAs(ObjectName name) {
        return registration != null && registration.isRegisteredAs(name);
    }

    /** Returns whether something would be lost without this object: a registered bean, a name, how to restore an image in place. */
    public synchronized boolean isHolding() {
        return registration != null && registration.isRegistered() || !named.isEmpty() || !images.isEmpty();
    }

    /** Forgets all names and images, and unregisters the bean; returns what was forgotten, for people. */
    public synchronized String forgetAll() {
        String forgotten = "forgot " + count(named.size(), "name") + " and how to restore " + count(images.size(), "image")
                + " in place";
        named.clear();
        images.clear();
        unregisterIfRegistered();
        return forgotten;
    }

    /**
     * Makes {@link #checkpoint} save the pipes of some objects. The objects are held until {@link #forget}. Registers the bean, so
     * that an agent that is loaded later finds what is named here.
     *
     * @param name shown to people, and given to {@link #forget}
     * @param objects as for {@link io.standpipe.Checkpoint#ofObjects}
     */
    public synchronized void name(String name, Object... objects) {
        PipesInPlace.of(objects);
        named.put(name, List.of(objects));
        if (isPossible()) {
            register();
        }
    }

    /** Releases the objects of a name. */
    public synchronized void forget(String name) {
        named.remove(name);
    }

    @Override
    public synchronized String getNamed() {
        return String.join(", ", named.keySet());
    }

    @Override
    public synchronized List<String> getImages() {
        return images.keySet().stream().map(Path::toString).toList();
    }

    @Override
    public synchronized List<OpenPipeEnd> getPipes() throws IOException {
        try {
            int self = (int) ProcessHandle.current().pid();
            Set<Integer> namedFds = named.isEmpty() ? Set.of() : PipesInPlace.numbersOf(objects().toArray());
            List<OpenPipeEnd> ends = new ArrayList<>();
            for (LivePipe pipe : LivePipes.ofThisProcess()) {
                for (LivePipe.Holder holder : pipe.holders()) {
                    if (holder.pid() == self) {
                        ends.add(new End(
                                holder.fd(), ENDS.get(holder.accessMode().ordinal()), pipe.ino(), pipe.queuedBytes().orElseThrow(),
                                pipe.capacityBytes().orElseThrow(), namedFds.contains(holder.fd())));
                    }
                }
            }
            return ends;
        } catch (StandpipeException e) {
            throw forClients(e);
        }
    }

    @Override
    public synchronized String checkpoint(String file) throws IOException {
        return save(objects(), file);
    }

    private List<Object> objects() {
        List<Object> objects = new ArrayList<>();
        named.values().forEach(objects::addAll);
        return objects;
    }

    @Override
    public synchronized String checkpointDescriptors(String descriptors, String file) throws IOException {
        List<Object> fds = new ArrayList<>();
        for (String fd : descriptors.split(",")) {
            try {
                fds.add(Integer.valueOf(fd.trim()));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "\"" + descriptors + "\" is no list of descriptors, expected numbers such as 5,6", e);
            }
        }
        return save(fds, file);
    }

    /** @param chosen objects and fds; if empty, the standard streams that are pipes are saved */
    private String save(List<Object> chosen, String file) throws IOException {
        Path image = path(file);
        return report(() -> {
            PipesInPlace pipes = PipesInPlace.of((chosen.isEmpty() ? standardStreams() : chosen).toArray());
            CheckpointReport saved = pipes.writeTo(image);
            images.remove(image);
            images.put(image, pipes);
            return "saved " + count(saved.pipes(), "pipe") + " with " + count(saved.payloadBytes(), "byte")
                    + " in flight, behind descriptors " + pipes.numbers() + ", to " + image;
        });
    }

    private List<Object> standardStreams() throws IOException {
        List<Object> pipes = new ArrayList<>();
        for (OpenPipeEnd end : getPipes()) {
            if (end.getDescriptor() <= STANDARD_ERROR) {
                pipes.add(end.getDescriptor());
            }
        }
        if (pipes.isEmpty()) {
            throw new IllegalArgumentException("no pipe is named, and standard input, output and error are none: name"
                    + " descriptors by their numbers, or objects with StandpipeManagement.name");
        }
        return pipes;
    }

    @Override
    public synchronized String restore(String file) throws IOException {
        Path image = path(file);
        return report(() -> {
            PipesInPlace pipes = images.get(image);
            InPlaceReport done = pipes == null ? Restore.from(image).inPlace() : pipes.restore(Restore.from(image));
            StringBuilder text = new StringBuilder("restored descriptors " + done.restored() + " with "
                    + count(done.payloadBytes(), "byte") + " in flight");
            if (!done.kept().isEmpty()) {
                text.append("; kept ").append(done.kept()).append(", whose pipes somebody else holds too");
            }
            done.deviations().forEach(deviation -> text.append("; ").append(deviation));
            return text.toString();
        });
    }

    @Override
    public String getLastReport() {
        return lastReport;
    }

    @Override
    public long getCheckpoints() {
        return count(Counter.CHECKPOINTS);
    }

    @Override
    public long getFailedCheckpoints() {
        return count(Counter.FAILED_CHECKPOINTS);
    }

    @Override
    public long getSavedPipes() {
        return count(Counter.SAVED_PIPES);
    }

    @Override
    public long getSavedBytes() {
        return count(Counter.SAVED_BYTES);
    }

    @Override
    public long getFrozenNanos() {
        return count(Counter.FROZEN_NANOS);
    }

    @Override
    public long getWritingNanos() {
        return count(Counter.WRITING_NANOS);
    }

    @Override
    public long getLastFrozenNanos() {
        return count(Counter.LAST_FROZEN_NANOS);
    }

    @Override
    public long getLastCheckpointMillis() {
        return count(Counter.LAST_CHECKPOINT_MILLIS);
    }

    @Override
    public long getRestores() {
        return count(Counter.RESTORES);
    }

    @Override
    public long getFailedRestores() {
        return count(Counter.FAILED_RESTORES);
    }

    @Override
    public long getRestoredPipes() {
        return count(Counter.RESTORED_PIPES);
    }

    @Override
    public long getRestoredBytes() {
        return count(Counter.RESTORED_BYTES);
    }

    private static long count(Counter counter) {
        return Counters.ofThisLibrary().value(counter);
    }

    private interface Operation {
        String carryOut() throws IOException;
    }

    private String report(Operation operation) throws IOException {
        try {
            lastReport = operation.carryOut();
            AgentLog.done(lastReport);
            return lastReport;
        } catch (IOException e) {
            lastReport = "failed: " + e.getMessage();
            throw forClients(e);
        } catch (RuntimeException | LinkageError e) {
            lastReport = "failed: " + e;
            throw e;
        }
    }

    /** Returns an exception that a client can deserialize without the classes of Standpipe. */
    private static IOException forClients(IOException e) {
        boolean unavailable = e instanceof UnavailableException || e.getCause() instanceof UnsupportedOperationException;
        Exception cause = unavailable ? new UnsupportedOperationException() : e instanceof ImageRefusedException ? new StreamCorruptedException() : null;
        return new IOException(e.getMessage(), cause);
    }

    private static Path path(@Nullable String file) {
        if (file == null || file.isBlank()) {
            throw new IllegalArgumentException("no image is named");
        }
        try {
            return Path.of(file).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("\"" + file + "\" is no path: " + e.getMessage(), e);
        }
    }

    private static String count(long count, String what) {
        return String.format("%,d %s%s", count, what, count == 1 ? "" : "s");
    }
}
