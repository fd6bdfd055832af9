// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jdk;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.JniReflection;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PushbackInputStream;
import java.io.RandomAccessFile;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.util.Set;

/** A Java object that a caller named, seen through down to the descriptor. */
public final class JavaPipeObject {

    private static final int CLOSED = -1;

    /** Those whose buffers, if any, are looked into here; a subclass from elsewhere may have one of its own. */
    private static final Set<Class<?>> FILTERS = Set.of(
            FilterInputStream.class, BufferedInputStream.class, DataInputStream.class, PushbackInputStream.class,
            FilterOutputStream.class, BufferedOutputStream.class, DataOutputStream.class, PrintStream.class);

    private final Object named;
    private final FileDescriptor descriptor;
    /** Closed before its descriptor is, which keeps its number; null where the descriptor itself tells. */
    private final Channel channel;
    private final int bufferedInputBytes;
    private final int bufferedOutputBytes;

    private JavaPipeObject(
            Object named, FileDescriptor descriptor, Channel channel, int bufferedInputBytes, int bufferedOutputBytes) {
        this.named = named;
        this.descriptor = descriptor;
        this.channel = channel;
        this.bufferedInputBytes = bufferedInputBytes;
        this.bufferedOutputBytes = bufferedOutputBytes;
    }

    public static JavaPipeObject of(Object object) throws StandpipeException {
        try {
            JavaPipeObject named = lookThrough(object);
            named.number();
            return named;
        } catch (NoSuchFieldError e) {
            throw new StandpipeException(name(object) + ": this JVM's class is not as expected, it has no field "
                    + e.getMessage() + "; name the descriptor's number instead", e);
        }
    }

    private static JavaPipeObject lookThrough(Object object) throws StandpipeException {
        int inputBytes = 0;
        int outputBytes = 0;
        Object below = object;
        while (below instanceof FilterInputStream || below instanceof FilterOutputStream) {
            checkKnown(object, below);
            inputBytes += inputBytes(below);
            outputBytes += below instanceof BufferedOutputStream
                    ? JniReflection.intField(below, BufferedOutputStream.class, "count")
                    : 0;
            below = below instanceof FilterInputStream
                    ? JniReflection.objectField(below, FilterInputStream.class, "in", InputStream.class)
                    : JniReflection.objectField(below, FilterOutputStream.class, "out", OutputStream.class);
        }
        if (below instanceof PipeInputStream) {
            below = ((PipeInputStream) below).below();
        }
        return new JavaPipeObject(
                object, descriptor(object, below), below instanceof Channel ? (Channel) below : null, inputBytes,
                outputBytes);
    }

    private static int inputBytes(Object stream) {
        if (stream instanceof BufferedInputStream) {
            return JniReflection.intField(stream, BufferedInputStream.class, "count")
                    - JniReflection.intField(stream, BufferedInputStream.class, "pos");
        }
        if (stream instanceof PushbackInputStream) {
            byte[] buffer = JniReflection.objectField(stream, PushbackInputStream.class, "buf", byte[].class);
            return buffer == null ? 0 : buffer.length - JniReflection.intField(stream, PushbackInputStream.class, "pos");
        }
        return 0;
    }

    /** Subclasses of the JDK's own, such as a process's streams, buffer no more than what they extend. */
    private static void checkKnown(Object object, Object filter) throws StandpipeException {
        Class<?> known = filter.getClass();
        while (known.getClassLoader() == null && known.getPackageName().equals("java.lang")) {
            known = known.getSuperclass();
        }
        if (!FILTERS.contains(known)) {
            throw new StandpipeException(name(object) + ": what " + filter.getClass().getName()
                    + " buffers is not known; name the stream that it reads or writes through");
        }
    }

    private static FileDescriptor descriptor(Object object, Object below) throws StandpipeException {
        try {
            if (below instanceof FileDescriptor) {
                return (FileDescriptor) below;
            }
            if (below instanceof FileInputStream) {
                return ((FileInputStream) below).getFD();
            }
            if (below instanceof FileOutputStream) {
                return ((FileOutputStream) below).getFD();
            }
            if (below instanceof RandomAccessFile) {
                return ((RandomAccessFile) below).getFD();
            }
        } catch (IOException e) {
            throw closed(object, e);
        }
        if (below == null) {
            throw closed(object, null);
        }
        if (below instanceof FileChannel || below instanceof Pipe.SourceChannel || below instanceof Pipe.SinkChannel) {
            return JniReflection.objectField(below, below.getClass(), "fd", FileDescriptor.class);
        }
        if (below instanceof ByteArrayInputStream && below != object) {
            throw new StandpipeException(name(object)
                    + ": its process has ended, and the JDK has taken what was left in the pipe and closed it");
        }
        if (below instanceof Reader || below instanceof Writer) {
            throw new StandpipeException(name(object) + ": it decodes or encodes ahead, in a buffer of its own;"
                    + " name the stream below it");
        }
        throw new StandpipeException(name(object) + ": no descriptor is known below "
                + (below == object ? "it" : name(below)) + "; name a stream or channel of a file, or a descriptor's number");
    }

    private static StandpipeException closed(Object object, Throwable cause) {
        return new StandpipeException(name(object) + ": it is closed", cause);
    }

    /** The number now. */
    public int number() throws StandpipeException {
        int number = channel != null && !channel.isOpen()
                ? CLOSED
                : JniReflection.intField(descriptor, FileDescriptor.class, "fd");
        if (number < 0) {
            throw closed(named, null);
        }
        return number;
    }

    public int bufferedInputBytes() {
        return bufferedInputBytes;
    }

    public int bufferedOutputBytes() {
        return bufferedOutputBytes;
    }

    /**
     * A copy of the descriptor, and of no other that has its number by then: the object, which is asked again afterwards,
     * gives up its number before that is closed.
     */
    public Fd pin() throws StandpipeException {
        int number = number();
        try {
            Fd pin = FdCalls.duplicate(number);
            boolean same = false;
            try {
                same = number() == number;
            } finally {
                if (!same) {
                    pin.close();
                }
            }
            if (!same) {
                throw closed(named, null);
            }
            return pin;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EBADF) {
                throw closed(named, e);
            }
            throw Failures.of(name(named), e);
        }
    }

    @Override
    public String toString() {
        return name(named);
    }

    private static String name(Object object) {
        return object == null ? "null" : object.getClass().getName();
    }
}
