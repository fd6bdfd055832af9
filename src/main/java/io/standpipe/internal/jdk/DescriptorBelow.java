// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jdk;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.JniReflection;
import io.standpipe.pipe.Fd;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.SocketImpl;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fd below a stream or channel, for bytes that are to take the way past the Java object. Only classes of the JDK are looked
 * through of which it is known that they hand on bytes as they are: a stream that compresses, encrypts, counts or times out has none.
 */
public final class DescriptorBelow implements AutoCloseable {

    /**
     * A field of a class of the JDK, which has what is below.
     *
     * @param type of the field, as it is declared; null for the class that encloses the one with the field
     */
    private record Link(String name, @Nullable Class<?> type) {}

    /** What is below, by class; which of them there are depends on the version of the JDK. */
    private static final Map<String, Link> LINKS = Map.ofEntries(
            Map.entry("java.nio.channels.Channels$1", new Link("val$ch", WritableByteChannel.class)),
            Map.entry("sun.nio.ch.ChannelOutputStream", new Link("ch", WritableByteChannel.class)),
            Map.entry("sun.nio.ch.ChannelInputStream", new Link("ch", ReadableByteChannel.class)),
            Map.entry("java.net.Socket$SocketOutputStream", new Link("out", OutputStream.class)),
            Map.entry("java.net.Socket$SocketInputStream", new Link("in", InputStream.class)),
            Map.entry("sun.nio.ch.NioSocketImpl$2", new Link("this$0", null)),
            Map.entry("sun.nio.ch.NioSocketImpl$1", new Link("this$0", null)),
            Map.entry("sun.nio.ch.FileChannelImpl", new Link("fd", FileDescriptor.class)),
            Map.entry("sun.nio.ch.SocketChannelImpl", new Link("fd", FileDescriptor.class)),
            Map.entry("sun.nio.ch.SinkChannelImpl", new Link("fd", FileDescriptor.class)),
            Map.entry("sun.nio.ch.SourceChannelImpl", new Link("fd", FileDescriptor.class)));

    private static final String NIO_SOCKET = "sun.nio.ch.NioSocketImpl";
    /** From this state on a socket is being closed, or is. */
    private static final int SOCKET_IS_CLOSING = 4;

    private final JavaPipeObject object;
    /** The implementation of a {@code Socket}, whose FileDescriptor keeps its number when the socket is closed. */
    private final @Nullable SocketImpl socket;
    private final Fd duplicate;
    private final int bufferedInputBytes;

    private DescriptorBelow(JavaPipeObject object, @Nullable SocketImpl socket, Fd duplicate, int bufferedInputBytes) {
        this.object = object;
        this.socket = socket;
        this.duplicate = duplicate;
        this.bufferedInputBytes = bufferedInputBytes;
    }

    /**
     * Finds the fd below a stream or channel that is written to; what the stream has buffered is flushed first.
     *
     * @return a duplicate of the fd, which the caller closes; null if none is known
     */
    public static @Nullable DescriptorBelow ofOutput(Object output) throws IOException {
        if (output instanceof OutputStream stream && isKnown(output)) {
            stream.flush();
        }
        return find(output);
    }

    /**
     * Finds the fd below a stream or channel that is read.
     *
     * @return a duplicate of the fd, which the caller closes; null if none is known
     */
    public static @Nullable DescriptorBelow ofInput(Object input) throws StandpipeException {
        return find(input);
    }

    private static @Nullable DescriptorBelow find(Object named) throws StandpipeException {
        try {
            Channel channel = null;
            SocketImpl socket = null;
            int buffered = 0;
            Object below = named;
            while (below != null && !(below instanceof FileDescriptor)) {
                if (below instanceof Channel found && isKnown(below)) {
                    channel = found;
                }
                socket = below instanceof SocketImpl found ? found : socket;
                buffered += below instanceof BufferedInputStream && isKnown(below) ? JavaPipeObject.inputBytes(below) : 0;
                below = below(below);
            }
            if (below == null) {
                return null;
            }
            JavaPipeObject object = JavaPipeObject.above((FileDescriptor) below, named, channel);
            return new DescriptorBelow(object, socket, object.duplicate(), buffered);
        } catch (NoSuchFieldError | IOException e) {
            if (e instanceof StandpipeException refused) {
                throw refused;
            }
            return null; // Of another JDK than those that are known, or closed: the object itself shows that.
        }
    }

    /** Returns whether a class is one of the JDK's filters that hand on bytes as they are, or of its channels. */
    private static boolean isKnown(Object object) {
        Class<?> known = object.getClass();
        while (isOfJavaLang(known)) {
            known = known.getSuperclass();
        }
        return known == BufferedInputStream.class || known == BufferedOutputStream.class || known == PrintStream.class
                || known == FileInputStream.class || known == FileOutputStream.class || LINKS.containsKey(known.getName());
    }

    /** Returns whether it is a class such as those of a process's streams. */
    private static boolean isOfJavaLang(Class<?> type) {
        return type.getClassLoader() == null && type.getPackageName().equals("java.lang");
    }

    /** Returns what is below an object; null if that is not known. */
    private static @Nullable Object below(Object above) throws IOException {
        if (above instanceof PipeInputStream pipe) {
            return pipe.below();
        }
        if (above.getClass().getName().equals(NIO_SOCKET)) {
            // With a timeout a read ends early, which only the stream itself knows to do.
            boolean isTimed = JniReflection.intField(above, above.getClass(), "timeout") != 0;
            return isTimed ? null : JniReflection.objectField(above, SocketImpl.class, "fd", FileDescriptor.class);
        }
        if (!isKnown(above)) {
            return null;
        }
        if (above instanceof FileInputStream stream) {
            return stream.getFD();
        }
        if (above instanceof FileOutputStream stream) {
            return stream.getFD();
        }
        if (above instanceof FilterInputStream) {
            return JniReflection.objectField(above, FilterInputStream.class, "in", InputStream.class);
        }
        if (above instanceof FilterOutputStream) {
            return JniReflection.objectField(above, FilterOutputStream.class, "out", OutputStream.class);
        }
        Link link = LINKS.get(above.getClass().getName());
        if (link == null || above instanceof FileChannel && JniReflection.booleanField(above, above.getClass(), "direct")) {
            return null;
        }
        Class<?> type = link.type() != null ? link.type() : above.getClass().getEnclosingClass();
        return JniReflection.objectField(above, above.getClass(), link.name(), type);
    }

    /** Returns the duplicate, which refers to the same open file description. */
    public int fd() {
        return duplicate.number();
    }

    /** Returns how many bytes a stream had read from the fd before, which are to be read from the stream. */
    public int bufferedInputBytes() {
        return bufferedInputBytes;
    }

    /** Returns whether the object is open: its duplicate stays open if the object is closed. */
    public boolean isOpen() {
        if (socket != null && JniReflection.intField(socket, socket.getClass(), "state") >= SOCKET_IS_CLOSING) {
            return false;
        }
        try {
            object.fd();
            return true;
        } catch (StandpipeException e) {
            return false;
        }
    }

    @Override
    public void close() {
        duplicate.close();
    }
}
