// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import io.standpipe.CheckpointReport;
import io.standpipe.InPlaceReport;
import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The MXBean, and where an agent or application names the objects whose pipes it saves. Nothing is held open, and no native
 * code is loaded before the first operation. Safe for use by several threads.
 */
public final class StandpipeManagement implements StandpipeMXBean {

    private static final int MOST_IMAGES = 100;
    private static final StandpipeManagement SHARED = new StandpipeManagement();

    private final Map<String, List<Object>> named = new LinkedHashMap<>();
    /** By image: what restores it. The eldest go. */
    private final Map<Path, PipesInPlace> images = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, PipesInPlace> eldest) {
            return size() > MOST_IMAGES;
        }
    };
    private volatile String lastReport = "";

    private StandpipeManagement() {}

    /** The only one of this class loader. */
    public static StandpipeManagement shared() {
        return SHARED;
    }

    /**
     * Registers the bean with the platform's MBean server, unless one is there already, from here or another class loader.
     *
     * @return whether it was not there
     * @throws IllegalStateException if the server does not take it
     */
    public static boolean register() {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName(NAME);
            if (server.isRegistered(name)) {
                return false;
            }
            server.registerMBean(SHARED, name);
            return true;
        } catch (InstanceAlreadyExistsException e) {
            return false;
        } catch (JMException e) {
            throw new IllegalStateException("cannot register " + NAME + ": " + e, e);
        }
    }

    /** Takes this class loader's bean away, which may be collected then. Another one's stays. */
    public static void unregister() {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName(NAME);
            if (server.isRegistered(name)
                    && StandpipeManagement.class.getClassLoader() == server.getClassLoaderFor(name)) {
                server.unregisterMBean(name);
            }
        } catch (InstanceNotFoundException e) {
            return;
        } catch (JMException e) {
            throw new IllegalStateException("cannot unregister " + NAME + ": " + e, e);
        }
    }

    /**
     * Opts objects in, which are held from now on: a checkpoint without numbers saves the pipes below them.
     *
     * @param name for people, and to take them away again with {@link #forget}
     * @param objects as for {@link io.standpipe.Checkpoint#ofObjects}
     */
    public synchronized void name(String name, Object... objects) {
        PipesInPlace.of(objects);
        named.put(name, List.of(objects));
    }

    /** Opts objects out. */
    public synchronized void forget(String name) {
        named.remove(name);
    }

    @Override
    public synchronized String getNamed() {
        return String.join(", ", named.keySet());
    }

    @Override
    public synchronized List<OpenPipeEnd> getPipes() throws IOException {
        int self = (int) ProcessHandle.current().pid();
        Set<Integer> namedNumbers = namedNumbers();
        List<OpenPipeEnd> ends = new ArrayList<>();
        try {
            for (LivePipe pipe : LivePipes.ofThisProcess()) {
                for (LivePipe.Holder holder : pipe.holders()) {
                    if (holder.pid() == self) {
                        ends.add(new OpenPipeEnd(
                                holder.fd(), List.of("read", "write", "both").get(holder.accessMode()), pipe.ino(),
                                pipe.queuedBytes(), pipe.capacityBytes(), namedNumbers.contains(holder.fd())));
                    }
                }
            }
        } catch (StandpipeException e) {
            throw forClients(e);
        }
        return ends;
    }

    private Set<Integer> namedNumbers() {
        Set<Integer> numbers = new TreeSet<>();
        if (!named.isEmpty()) {
            numbers.addAll(PipesInPlace.numbersOf(objects().toArray()));
        }
        return numbers;
    }

    @Override
    public synchronized String checkpoint(String file) throws IOException {
        return save(objects(), file);
    }

    /** Those that were named; without any, the standard streams that are pipes. They are never the JVM's own. */
    private List<Object> objects() {
        List<Object> objects = new ArrayList<>();
        named.values().forEach(objects::addAll);
        return objects;
    }

    @Override
    public synchronized String checkpointDescriptors(String descriptors, String file) throws IOException {
        List<Object> numbers = new ArrayList<>();
        for (String number : descriptors.split(",")) {
            try {
                numbers.add(Integer.valueOf(number.trim()));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "\"" + descriptors + "\" is no list of descriptors, expected numbers such as 5,6", e);
            }
        }
        return save(numbers, file);
    }

    private String save(List<Object> chosen, String file) throws IOException {
        Path image = path(file);
        return report(() -> {
            List<Object> objects = chosen.isEmpty() ? standardStreams() : chosen;
            PipesInPlace pipes = PipesInPlace.of(objects.toArray());
            CheckpointReport saved = pipes.checkpoint(image);
            images.remove(image);
            images.put(image, pipes);
            return "saved " + count(saved.pipes(), "pipe") + " with " + count(saved.payloadBytes(), "byte")
                    + " in flight, behind descriptors " + pipes.numbers() + ", to " + image;
        });
    }

    private static List<Object> standardStreams() throws StandpipeException {
        List<Object> pipes = new ArrayList<>();
        int self = (int) ProcessHandle.current().pid();
        for (LivePipe pipe : LivePipes.ofThisProcess()) {
            for (LivePipe.Holder holder : pipe.holders()) {
                if (holder.pid() == self && holder.fd() <= 2) {
                    pipes.add(holder.fd());
                }
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

    /** Does what the agent's options say. */
    String carryOut(AgentOptions options) throws IOException {
        switch (options.verb()) {
            case "checkpoint":
                return options.fds().isEmpty()
                        ? checkpoint(options.output())
                        : checkpointDescriptors(options.fds(), options.output());
            case "restore":
                return restore(options.input());
            case "list":
                return list();
            default:
                throw new IllegalArgumentException(
                        "\"" + options.verb() + "\" is not known, expected checkpoint, restore or list");
        }
    }

    private String list() throws IOException {
        StringBuilder text = new StringBuilder();
        for (OpenPipeEnd end : getPipes()) {
            text.append(String.format(
                    "fd %-4d %-6s pipe %d, %,d of %,d bytes%s%n", end.getDescriptor(), end.getEnd(), end.getInode(),
                    end.getQueuedBytes(), end.getCapacityBytes(), end.isNamed() ? ", named" : ""));
        }
        return text.toString().stripTrailing();
    }

    private interface Operation {
        String carryOut() throws StandpipeException;
    }

    private String report(Operation operation) throws IOException {
        try {
            lastReport = operation.carryOut();
            return lastReport;
        } catch (StandpipeException e) {
            lastReport = "failed: " + e.getMessage();
            throw forClients(e);
        } catch (RuntimeException | LinkageError e) {
            lastReport = "failed: " + e;
            throw e;
        }
    }

    /** A client need not have our classes. */
    private static IOException forClients(StandpipeException e) {
        return new IOException(e.getMessage());
    }

    private static Path path(String file) {
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
