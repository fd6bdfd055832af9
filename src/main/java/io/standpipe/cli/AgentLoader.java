// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.ProcessRoot;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;

/**
 * Has a JVM load the agent. Speaks the protocol of HotSpot's attach mechanism, which the module jdk.attach speaks as well: that can
 * neither be told when to give up, nor attach to a JVM in another user namespace, nor is it in every Java runtime.
 */
final class AgentLoader {

    /** The version of the protocol, and the command. The library, whether its path is absolute, and its options follow. */
    private static final String REQUEST = "1\0load\0";

    private static final String ABSOLUTE = "\0true\0";

    private static final int ECONNRESET = 104;
    private static final int BUFFER_BYTES = 4096;
    private static final int MOST_REPLY_BYTES = 1 << 16;
    private static final String RETURN_CODE = "return code: ";

    /** What the dynamic linker of glibc says where mmap is refused for a file system that is mounted noexec. */
    private static final String NOT_EXECUTABLE = "failed to map segment";

    private final ProcessRoot root;
    private boolean asked;

    /** @param root of a process that is known to be a JVM */
    AgentLoader(ProcessRoot root) {
        this.root = root;
    }

    /**
     * Has the JVM load the agent, which carries out its options, and waits until it has.
     *
     * @param library path of the native library, with {@code Agent_OnAttach}
     * @param options short ones, of ASCII characters: the JVM takes 1024 bytes
     * @return false if nothing may be executed from the library's file system
     * @throws TimeoutException if that takes longer; it may still happen then
     */
    boolean load(String library, String options, Deadline deadline) throws IOException, TimeoutException {
        byte[] argument = options.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes((REQUEST + library + ABSOLUTE).getBytes(StandardCharsets.UTF_8));
        request.writeBytes(argument);
        request.write(0);
        try {
            return isLoaded(exchange(request.toByteArray(), deadline));
        } catch (StandpipeException e) {
            throw e; // It has the name already.
        } catch (ErrnoException e) {
            throw new IOException(name() + ExitCode.text(e) + (e.errno() == ECONNRESET
                    ? ": it has not taken the connection; only its own user and root may attach to it" : ""), e);
        } catch (IOException e) {
            throw new IOException(name() + ExitCode.text(e), e);
        }
    }

    private String exchange(byte[] request, Deadline deadline) throws IOException, TimeoutException {
        try (Fd connection = new AttachSocket(root, deadline).connect()) {
            asked = true;
            write(connection, NativeMemory.of(request), request.length, deadline);
            return read(connection, deadline);
        }
    }

    private String name() {
        return "process " + root.pid() + ": ";
    }

    /** Returns whether the JVM may have been asked to load the agent. */
    boolean isAsked() {
        return asked;
    }

    private static void write(Fd connection, NativeMemory request, int length, Deadline deadline) throws IOException, TimeoutException {
        for (long done = 0; done < length; ) {
            PipeCalls.awaitRoom(connection.number(), deadline.leftMillis());
            long written = FileCalls.write(connection.number(), request, done, length - done);
            done += written == Pipes.WOULD_BLOCK ? 0 : written;
        }
    }

    private static String read(Fd connection, Deadline deadline) throws IOException, TimeoutException {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        NativeMemory memory = NativeMemory.nativeOrder(BUFFER_BYTES);
        byte[] part = new byte[BUFFER_BYTES];
        while (reply.size() < MOST_REPLY_BYTES) {
            PipeCalls.awaitBytes(connection.number(), deadline.leftMillis());
            long length = PipeCalls.read(connection.number(), memory, 0, BUFFER_BYTES);
            if (length == 0) {
                break;
            }
            if (length != Pipes.WOULD_BLOCK) {
                memory.buffer().get(0, part, 0, (int) length);
                reply.write(part, 0, (int) length);
            }
        }
        return reply.toString(StandardCharsets.UTF_8);
    }

    /** The first line is the command's status, and of what follows, a line says how the agent did. */
    private static boolean isLoaded(String reply) throws IOException {
        String text = reply.strip();
        int end = text.indexOf('\n');
        String code = text.contains(RETURN_CODE) ? text.substring(text.indexOf(RETURN_CODE) + RETURN_CODE.length()) : text.substring(end + 1);
        if (text.startsWith("0") && code.equals("0")) {
            return true;
        }
        if (code.contains(NOT_EXECUTABLE)) {
            return false;
        }
        throw new IOException(switch (code) {
            case "" -> "it closed the connection: it has ended, or takes none but its own user and root";
            case "1" -> "it could not define the class of the agent that was placed for it";
            case "2" -> "the agent did not start, see the log of that JVM";
            case "3" -> "less than 8 MiB of its heap are free (-Xmx), which an agent might use up; nothing was loaded";
            case "4" -> "it has a security manager, which would refuse what the agent does; nothing was loaded";
            default -> "no agent can be loaded, " + code.replace('\n', ' ') + " (was it started with -XX:-EnableDynamicAgentLoading?)";
        });
    }
}
