// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import io.standpipe.CheckpointReport;
import io.standpipe.InPlaceReport;
import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.internal.observe.AgentLog;
import io.standpipe.internal.observe.Counters;
import io.standpipe.internal.observe.Counters.Counter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The implementation of the MXBean. An application, or an agent of its own, calls {@link #name} for the objects whose pipes the
 * bean is to save. Holds nothing open, and loads no native code before the first operation. Safe for use by several threads.
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

    /** Its components are named as getters, since JMX of JDK 17 finds no others. */
    private record End(int getDescriptor, String getEnd, long getInode, int getQueuedBytes, int getCapacityBytes, boolean isNamed)
            implements OpenPipeEnd {}

    private StandpipeManagement() {}

    /** Returns the only instance in this class loader. */
    public static StandpipeManagement shared() {
        return SHARED;
    }

    /**
     * Registers the bean with the platform's MBean server. Does nothing if a bean of this name is registered already, even by
     * another class loader.
     *
     * @return whether the bean was registered by this call
     * @throws IllegalStateException if the server refuses the bean
     */
    public static boolean register() {
        try {
            ManagementFactory.getPlatformMBeanServer().registerMBean(SHARED, new ObjectName(NAME));
            return true;
        } catch (InstanceAlreadyExistsException e) {
            return false;
        } catch (JMException e) {
            throw new IllegalStateException("cannot register " + NAME + ": " + e, e);
        }
    }

    /** Unregisters the bean of this class loader, which can then be unloaded. A bean of another class loader stays. */
    public static void unregister() {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName(NAME);
            if (server.isRegistered(name) && StandpipeManagement.class.getClassLoader() == server.getClassLoaderFor(name)) {
                server.unregisterMBean(name);
            }
        } catch (InstanceNotFoundException e) {
            return;
        } catch (JMException e) {
            throw new IllegalStateException("cannot unregister " + NAME + ": " + e, e);
        }
    }

    /**
     * Makes {@link #checkpoint} save the pipes of some objects. The objects are held until {@link #forget}.
     *
     * @param name shown to people, and given to {@link #forget}
     * @param objects as for {@link io.standpipe.Checkpoint#ofObjects}
     */
    public synchronized void name(String name, Object... objects) {
        PipesInPlace.of(objects);
        named.put(name, List.of(objects));
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
    public synchronized List<OpenPipeEnd> getPipes() throws IOException {
        try {
            int self = (int) ProcessHandle.current().pid();
            Set<Integer> namedFds = named.isEmpty() ? Set.of() : PipesInPlace.numbersOf(objects().toArray());
            List<OpenPipeEnd> ends = new ArrayList<>();
            for (LivePipe pipe : LivePipes.ofThisProcess()) {
                for (LivePipe.Holder holder : pipe.holders()) {
                    if (holder.pid() == self) {
                        ends.add(new End(
                                holder.fd(), ENDS.get(holder.accessMode()), pipe.ino(), pipe.queuedBytes(),
                                pipe.capacityBytes(), namedFds.contains(holder.fd())));
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
            CheckpointReport saved = pipes.checkpoint(image);
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

    /** Carries out the verb of the agent's options, and returns a report for people. */
    String carryOut(StandpipeAgent.Options options) throws IOException {
        return switch (options.verb()) {
            case "checkpoint" -> options.fds().isEmpty()
                    ? checkpoint(options.output()) : checkpointDescriptors(options.fds(), options.output());
            case "restore" -> restore(options.input());
            case "list" -> list();
            default -> throw new IllegalArgumentException(
                    "\"" + options.verb() + "\" is not known, expected checkpoint, restore or list");
        };
    }

    private String list() throws IOException {
        return getPipes().stream()
                .map(end -> String.format(
                        "fd %-4d %-6s pipe %d, %,d of %,d bytes%s", end.getDescriptor(), end.getEnd(), end.getInode(),
                        end.getQueuedBytes(), end.getCapacityBytes(), end.isNamed() ? ", named" : ""))
                .collect(Collectors.joining(System.lineSeparator()));
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
        return new IOException(e.getMessage());
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
