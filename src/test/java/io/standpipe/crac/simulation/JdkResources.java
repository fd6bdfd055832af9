// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac.simulation;

import java.io.FileDescriptor;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the JDK's own objects do at a checkpoint, in a JDK that has CRaC: after the application's resources come selectors, then whatever
 * has a FileDescriptor. An object counts as open if its FileDescriptor says so, whatever the kernel says. Here the objects have to be
 * named, since they are those of a JDK without CRaC; and the JVM needs --add-opens to look into them.
 */
final class JdkResources {

    private final List<Selector> selectors = new ArrayList<>();
    private final List<Pipe> pipes = new ArrayList<>();
    private final Map<FileDescriptor, String> streams = new LinkedHashMap<>();

    /** Names an object of the JDK's: a selector, a pipe, a process, or a FileDescriptor. */
    void add(Object object) throws ReflectiveOperationException, IOException {
        if (object instanceof Selector selector) {
            selectors.add(selector);
        } else if (object instanceof Pipe pipe) {
            pipes.add(pipe);
        } else if (object instanceof Process process) {
            for (Object stream : List.of(process.getInputStream(), process.getErrorStream(), process.getOutputStream())) {
                streams.put(descriptor(stream), "FileDescriptor of " + stream);
            }
        } else {
            streams.put((FileDescriptor) object, "FileDescriptor");
        }
    }

    /** @return the numbers that are claimed, so that the kernel's list is not searched for them */
    Set<Integer> beforeCheckpoint(List<Exception> failures) {
        Set<Integer> claimed = new TreeSet<>();
        for (Selector selector : selectors) {
            if (selector.isOpen() && !selector.keys().isEmpty()) {
                failures.add(new IllegalStateException("simulated BusySelectorException: " + selector.keys().size() + " keys"));
            }
        }
        String action = pipeAction(failures);
        for (Pipe pipe : pipes) {
            claim(pipe, action, claimed, failures);
        }
        streams.forEach((descriptor, what) -> {
            if (descriptor.valid() && claimed.add(number(descriptor)) && !action.equals("ignore")) {
                failures.add(new IllegalStateException(
                        "simulated CheckpointOpenFileException: " + what + " " + number(descriptor) + " left open"));
            }
        });
        return claimed;
    }

    private static void claim(Pipe pipe, String action, Set<Integer> claimed, List<Exception> failures) {
        try {
            if (action.equals("close")) {
                pipe.source().close();
                pipe.sink().close();
            }
            boolean open = false;
            for (Object end : List.of(pipe.source(), pipe.sink())) {
                FileDescriptor descriptor = (FileDescriptor) field(end.getClass(), "fd").get(end);
                boolean counts = descriptor.valid() && !action.equals("close");
                open |= counts && claimed.add(number(descriptor));
            }
            if (open && action.equals("error")) {
                failures.add(new IllegalStateException("simulated CheckpointOpenResourceException: pipe of " + pipe));
            }
        } catch (ReflectiveOperationException | IOException e) {
            failures.add(e);
        }
    }

    /** Returns the action of the first rule for pipes in the file of policies, error if there is none. */
    private static String pipeAction(List<Exception> failures) {
        String file = System.getProperty("jdk.crac.resource-policies");
        if (file != null) {
            try {
                for (String rule : Files.readString(Path.of(file)).toLowerCase(Locale.ROOT).split("(?m)^---$")) {
                    if (rule.contains("type: pipe")) {
                        return rule.replaceAll("(?s).*action: (\\w+).*", "$1");
                    }
                }
            } catch (IOException e) {
                failures.add(e);
            }
        }
        return "error";
    }

    private static FileDescriptor descriptor(Object stream) throws ReflectiveOperationException, IOException {
        Object below = stream;
        while (below instanceof FilterInputStream || below instanceof FilterOutputStream) {
            below = below instanceof FilterInputStream
                    ? (InputStream) field(FilterInputStream.class, "in").get(below)
                    : (OutputStream) field(FilterOutputStream.class, "out").get(below);
        }
        return (FileDescriptor) field(below.getClass(), "fd").get(below);
    }

    private static int number(FileDescriptor descriptor) {
        try {
            return field(FileDescriptor.class, "fd").getInt(descriptor);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Field field(Class<?> declaring, String name) throws NoSuchFieldException {
        Field field = declaring.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
