// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jdk;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Java objects that a caller named: streams, channels, whole pipes and processes, or fds. Immutable. */
public final class JavaPipeObjects {

    private final List<Object> objects;
    private final boolean leavingBuffered;

    private JavaPipeObjects(List<Object> objects, boolean leavingBuffered) {
        this.objects = objects;
        this.leavingBuffered = leavingBuffered;
    }

    /**
     * A duplicate of an fd that an object stood for.
     *
     * @param duplicate refers to the same open file description as the fd
     * @param closeOnExec whether the fd itself is closed by an exec; every duplicate is
     */
    public record Duplicate(Fd duplicate, boolean closeOnExec) {

        /** Takes over the duplicate, which is closed if the flag of the fd cannot be read. */
        private static Duplicate of(int fd, Fd duplicate) throws StandpipeException {
            try {
                return new Duplicate(duplicate, FdCalls.isCloseOnExec(fd));
            } catch (ErrnoException e) {
                duplicate.close();
                throw Failures.of("descriptor " + fd, e);
            }
        }
    }

    /** Checks only that each object can stand for an fd at all; {@link #duplicate} looks behind the objects. */
    public static JavaPipeObjects of(Object... objects) {
        if (objects.length == 0) {
            throw new IllegalArgumentException("no object is named, expected at least one");
        }
        for (Object object : objects) {
            if (object == null) {
                throw new IllegalArgumentException("null is named as an object");
            }
            if (object instanceof Integer && (Integer) object < 0) {
                throw new IllegalArgumentException("descriptor is " + object + ", expected 0 or more");
            }
        }
        return new JavaPipeObjects(List.copyOf(Arrays.asList(objects)), false);
    }

    /** Returns these objects, whose fds {@link #duplicate} duplicates even where Java buffers bytes above an fd. */
    public JavaPipeObjects leavingBuffered() {
        return new JavaPipeObjects(objects, true);
    }

    /**
     * Duplicates the fds that the objects stand for now: what is saved is then what an object stood for, although the JDK may
     * close the fd meanwhile, as it does when a child ends.
     *
     * @return the duplicates by fd, for the caller to close
     * @throws StandpipeException if an object is closed, has no fd, or has bytes buffered and they may not be left
     */
    public SortedMap<Integer, Duplicate> duplicate() throws StandpipeException {
        SortedMap<Integer, Duplicate> duplicates = new TreeMap<>();
        boolean complete = false;
        try {
            for (Object object : objects) {
                duplicate(object, duplicates);
            }
            complete = true;
            return duplicates;
        } finally {
            if (!complete) {
                duplicates.values().forEach(done -> done.duplicate().close());
            }
        }
    }

    private void duplicate(Object object, SortedMap<Integer, Duplicate> duplicates) throws StandpipeException {
        List<Object> ends = ends(object);
        if (ends.isEmpty()) {
            throw new StandpipeException("process " + ((Process) object).pid()
                    + ": none of its streams is an open pipe of this JVM");
        }
        for (Object end : ends) {
            JavaPipeObject named = JavaPipeObject.named(end);
            if (!leavingBuffered) {
                named.checkNothingIsBuffered();
            }
            int fd = named.fd();
            if (!duplicates.containsKey(fd)) {
                duplicates.put(fd, Duplicate.of(fd, named.duplicate()));
            }
        }
    }

    /** Returns the fds that the objects stand for now, ascending; an end that is closed adds none. */
    public Set<Integer> fds() {
        Set<Integer> fds = new TreeSet<>();
        for (JavaPipeObject object : open()) {
            try {
                fds.add(object.fd());
            } catch (StandpipeException e) {
                // Closed.
            }
        }
        return fds;
    }

    /** Returns what stands for each fd of the objects; those that cannot be looked through, such as closed ones, are left out. */
    List<JavaPipeObject> open() {
        List<JavaPipeObject> open = new ArrayList<>();
        for (Object object : objects) {
            for (Object end : ends(object)) {
                try {
                    open.add(JavaPipeObject.named(end));
                } catch (StandpipeException | IllegalStateException e) {
                    // Closed.
                }
            }
        }
        return open;
    }

    /** Returns the streams, channels or fds of an object; of a process, those streams that are pipes and open. */
    private static List<Object> ends(Object object) {
        if (object instanceof Pipe) {
            return List.of(((Pipe) object).source(), ((Pipe) object).sink());
        }
        if (!(object instanceof Process)) {
            return List.of(object);
        }
        Process process = (Process) object;
        return Stream.of(process.getOutputStream(), process.getInputStream(), process.getErrorStream())
                .filter(JavaPipeObjects::isOpen)
                .<Object>map(stream -> stream)
                .toList();
    }

    private static boolean isOpen(Object stream) {
        try {
            return JavaPipeObject.of(stream).fd() >= 0;
        } catch (StandpipeException e) {
            return false;
        }
    }
}
