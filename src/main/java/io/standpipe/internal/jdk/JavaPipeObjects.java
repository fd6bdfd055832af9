// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jdk;

import io.standpipe.StandpipeException;
import io.standpipe.internal.checkpoint.DuplicatedDescriptors;
import io.standpipe.pipe.Fd;



import java.io.OutputStream;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Java objects that a caller named: streams, channels, whole pipes and processes, or numbers of descriptors. */
public final class JavaPipeObjects {

    private final List<Object> objects;
    private final boolean leavingBuffered;

    private JavaPipeObjects(List<Object> objects, boolean leavingBuffered) {
        this.objects = objects;
        this.leavingBuffered = leavingBuffered;
    }

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

    /** The same, without regard to bytes that Java has buffered. */
    public JavaPipeObjects leavingBuffered() {
        return new JavaPipeObjects(objects, true);
    }

    /** Holds what the objects stand for now, each by a copy of its descriptor. */
    public DuplicatedDescriptors pin() throws StandpipeException {
        DuplicatedDescriptors pinned = new DuplicatedDescriptors();
        boolean complete = false;
        try {
            for (Object object : objects) {
                pin(object, pinned);
            }
            complete = true;
            return pinned;
        } finally {
            if (!complete) {
                pinned.close();
            }
        }
    }

    /** What they stand for now; nothing where that is closed. */
    public Set<Integer> numbers() {
        Set<Integer> numbers = new TreeSet<>();
        for (Object object : objects) {
            try {
                if (object instanceof Integer) {
                    numbers.add((Integer) object);
                } else if (object instanceof Fd) {
                    numbers.add(((Fd) object).number());
                } else {
                    for (Object end : ends(object)) {
                        numbers.add(JavaPipeObject.of(end).number());
                    }
                }
            } catch (StandpipeException | IllegalStateException e) {
                // Closed.
            }
        }
        return numbers;
    }

    private void pin(Object object, DuplicatedDescriptors pinned) throws StandpipeException {
        if (object instanceof Integer) {
            pinned.add((Integer) object);
        } else if (object instanceof Fd) {
            pinned.add(((Fd) object).number());
        } else {
            for (Object end : ends(object)) {
                pinNamed(JavaPipeObject.of(end), pinned);
            }
        }
    }

    private void pinNamed(JavaPipeObject named, DuplicatedDescriptors pinned) throws StandpipeException {
        if (!leavingBuffered && named.bufferedInputBytes() > 0) {
            throw new StandpipeException(named + ": Java has read " + named.bufferedInputBytes()
                    + " bytes from descriptor " + named.number() + " that nobody has taken from its buffer, and they would"
                    + " not be in the image; read them first, or leave them with leavingBuffered()");
        }
        if (!leavingBuffered && named.bufferedOutputBytes() > 0) {
            throw new StandpipeException(named + ": Java has " + named.bufferedOutputBytes()
                    + " bytes for descriptor " + named.number() + " in its buffer, and they would not be in the image;"
                    + " flush it first, or leave them with leavingBuffered()");
        }
        pinned.add(named);
    }

    /** Of a process those of its streams that are pipes and not closed. */
    private static List<Object> ends(Object object) throws StandpipeException {
        if (object instanceof Pipe) {
            return List.of(((Pipe) object).source(), ((Pipe) object).sink());
        }
        if (!(object instanceof Process)) {
            return List.of(object);
        }
        Process process = (Process) object;
        List<Object> streams = new ArrayList<>();
        OutputStream input = process.getOutputStream();
        for (Object stream : new Object[] {input, process.getInputStream(), process.getErrorStream()}) {
            if (isOpen(stream)) {
                streams.add(stream);
            }
        }
        if (streams.isEmpty()) {
            throw new StandpipeException("process " + process.pid() + ": none of its streams is an open pipe of this JVM");
        }
        return streams;
    }

    private static boolean isOpen(Object stream) {
        try {
            return JavaPipeObject.of(stream).number() >= 0;
        } catch (StandpipeException e) {
            return false;
        }
    }
}
