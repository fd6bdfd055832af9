// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jdk;

import io.standpipe.StandpipeException;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.JniReflection;
import io.standpipe.internal.sys.ProcessCalls;
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
import org.jspecify.annotations.Nullable;

/** A Java object that a caller named, with the file descriptor below it and the bytes that Java buffers in between. */
public final class JavaPipeObject {

    private static final int CLOSED = -1;

    /** The filters whose buffers are known here; a subclass from elsewhere may have a buffer of its own. */
    private static final Set<Class<?>> FILTERS = Set.of(
            FilterInputStream.class, BufferedInputStream.class, DataInputStream.class, PushbackInputStream.class,
            FilterOutputStream.class, BufferedOutputStream.class, DataOutputStream.class, PrintStream.class);

    private final Object named;
    /** Null where an fd itself is named. */
    private final @Nullable FileDescriptor descriptor;
    private final int namedFd;
    /** Reports a close that the FileDescriptor does not: the FileDescriptor of a channel keeps its fd when the channel is closed. */
    private final @Nullable Channel channel;
    private final int bufferedInputBytes;
    private final int bufferedOutputBytes;

    private JavaPipeObject(
            Object named, FileDescriptor descriptor, @Nullable Channel channel, int inputBytes, int outputBytes) {
        this.named = named;
        this.descriptor = descriptor;
        namedFd = CLOSED;
        this.channel = channel;
        bufferedInputBytes = inputBytes;
        bufferedOutputBytes = outputBytes;
    }

    private JavaPipeObject(Object named, int fd) {
        this.named = named;
        descriptor = null;
        namedFd = fd;
        channel = null;
        bufferedInputBytes = 0;
        bufferedOutputBytes = 0;
    }

    /** Returns the fd that an Integer or an Fd names, or looks through a stream or channel, as {@link #of} does. */
    static JavaPipeObject named(Object object) throws StandpipeException {
        if (object instanceof Integer) {
            return new JavaPipeObject(object, (Integer) object);
        }
        return object instanceof Fd ? new JavaPipeObject(object, ((Fd) object).number()) : of(object);
    }

    /**
     * Looks through an object's filter streams down to the fd.
     *
     * @throws StandpipeException if the object is closed, has no fd, or is of a class whose buffer is not known
     */
    public static JavaPipeObject of(Object object) throws StandpipeException {
        NativeLibrary.require();
        try {
            JavaPipeObject named = lookThrough(object);
            named.fd();
            return named;
        } catch (NoSuchFieldError e) {
            throw new StandpipeException(name(object) + ": this JVM's class is not as expected, it has no field "
                    + e.getMessage() + "; name the descriptor's number instead", e);
        }
    }

    /**
     * Returns an object of which the fd below is known.
     *
     * @param channel that the object is, or has below it
     */
    static JavaPipeObject above(FileDescriptor descriptor, Object named, @Nullable Channel channel) {
        return new JavaPipeObject(named, descriptor, channel, 0, 0);
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

    /** Returns how many bytes a stream has read ahead. */
    static int inputBytes(Object stream) {
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

    /** Accepts subclasses in java.lang, such as a process's streams: they buffer no more than what they extend. */
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

    private static FileDescriptor descriptor(Object object, @Nullable Object below) throws StandpipeException {
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

    private static StandpipeException closed(Object object, @Nullable Throwable cause) {
        return new StandpipeException(name(object) + ": it is closed", cause);
    }

    /**
     * Returns the fd as it is now.
     *
     * @throws StandpipeException if the object has been closed
     */
    public int fd() throws StandpipeException {
        if (descriptor == null) {
            return namedFd;
        }
        int fd = channel != null && !channel.isOpen()
                ? CLOSED
                : JniReflection.intField(descriptor, FileDescriptor.class, "fd");
        if (fd < 0) {
            throw closed(named, null);
        }
        return fd;
    }

    /** Returns the descriptor below the object; null where an fd itself is named. */
    @Nullable FileDescriptor descriptor() {
        return descriptor;
    }

    /** Returns the channel that the object is, if it is one. */
    @Nullable Channel channel() {
        return channel;
    }

    /** Returns how many bytes had been read from the fd, and not from the object, when this was made. */
    public int bufferedInputBytes() {
        return bufferedInputBytes;
    }

    /** Returns how many bytes had been written to the object, and not to the fd, when this was made. */
    public int bufferedOutputBytes() {
        return bufferedOutputBytes;
    }

    /** Throws if Java buffers bytes, which would not be in an image of the pipe. */
    void checkNothingIsBuffered() throws StandpipeException {
        if (bufferedInputBytes > 0) {
            throw new StandpipeException(name(named) + ": Java has read " + bufferedInputBytes + " bytes from descriptor "
                    + fd() + " that nobody has taken from its buffer, and they would"
                    + " not be in the image; read them first, or leave them with leavingBuffered()");
        }
        if (bufferedOutputBytes > 0) {
            throw new StandpipeException(name(named) + ": Java has " + bufferedOutputBytes + " bytes for descriptor "
                    + fd() + " in its buffer, and they would not be in the image;"
                    + " flush it first, or leave them with leavingBuffered()");
        }
    }

    /**
     * Duplicates the fd, for the caller to close. The fd may be closed and be another file's by the time it is duplicated; but
     * an object gives up its fd before it closes it, so one that still has the fd afterwards had it at the duplication.
     */
    Fd duplicate() throws StandpipeException {
        int fd = fd();
        try {
            Fd duplicate = FdCalls.duplicate(fd);
            boolean isSame = false;
            try {
                isSame = fd() == fd;
            } finally {
                if (!isSame) {
                    duplicate.close();
                }
            }
            if (!isSame) {
                throw closed(named, null);
            }
            return duplicate;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EBADF) {
                throw Failures.of(descriptor == null ? "descriptor " + fd : name(named), e);
            }
            throw descriptor != null
                    ? closed(named, e)
                    : new StandpipeException(
                            "descriptor " + fd + " of process " + ProcessCalls.pid() + ": it is not open", e);
        }
    }

    private static String name(@Nullable Object object) {
        return object == null ? "null" : object.getClass().getName();
    }
}
