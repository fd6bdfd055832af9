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

    /** The version of the protocol, the command, and its three arguments: the library of Java agents, no absolute path, its options. */
    private static final String REQUEST = "1\0load\0instrument\0false\0";

    private static final int ECONNRESET = 104;
    private static final int BUFFER_BYTES = 4096;
    private static final int MOST_REPLY_BYTES = 1 << 16;
    private static final String RETURN_CODE = "return code: ";

    private final ProcessRoot root;
    private boolean asked;

    /** @param root of a process that is known to be a JVM */
    AgentLoader(ProcessRoot root) {
        this.root = root;
    }

    /**
     * Has the JVM load the agent, which carries out its options, and waits until it has.
     *
     * @param options short ones: with the jar's path the JVM takes 1024 bytes
     * @throws TimeoutException if that takes longer; it may still happen then
     */
    void load(String jar, String options, Deadline deadline) throws IOException, TimeoutException {
        byte[] argument = (jar + "=" + options).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(REQUEST.getBytes(StandardCharsets.UTF_8));
        request.writeBytes(argument);
        request.write(0);
        try {
            check(exchange(request.toByteArray(), deadline));
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
    private static void check(String reply) throws IOException {
        String text = reply.strip();
        int end = text.indexOf('\n');
        String code = text.contains(RETURN_CODE) ? text.substring(text.indexOf(RETURN_CODE) + RETURN_CODE.length()) : text.substring(end + 1);
        if (!text.startsWith("0") || !code.equals("0")) {
            throw new IOException(switch (code) {
                case "" -> "it closed the connection; only its own user and root may attach to it";
                case "100" -> "it found no agent in the jar that was placed for it";
                case "101" -> "it could not add the agent to its class path";
                case "102" -> "the agent did not start, see the log of that JVM";
                default -> "no agent can be loaded, " + code.replace('\n', ' ') + " (was it started with -XX:-EnableDynamicAgentLoading?)";
            });
        }
    }
}
