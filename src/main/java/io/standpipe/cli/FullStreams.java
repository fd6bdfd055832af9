// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.LiveSocket;
import io.standpipe.LiveSockets;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.JvmProcess;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a JVM could print a warning. If its standard output or error is a full pipe or socket, the thread that loads an agent waits in the
 * write of the JVM's own warning, and so does everybody who attaches later.
 */
final class FullStreams {

    /** A warning is shorter. */
    private static final int ROOM_BYTES = 4096;

    private static final String SILENT = "a JVM that is started with -XX:+EnableDynamicAgentLoading"
            + " --enable-native-access=ALL-UNNAMED prints none";
    private static final int MOST_LOOKS = 5;
    private static final int PAUSE_MILLIS = 100;

    private FullStreams() {}

    /**
     * Throws if a JVM that prints warnings when an agent is loaded has no room for them. A pipe that is read gets a moment to have room.
     *
     * @throws StandpipeException if there is no room; the message names the pipe, who should read it, and the ways out
     */
    static void check(JvmProcess jvm) throws StandpipeException {
        if (!jvm.warns()) {
            return;
        }
        String reason = full(jvm.pid());
        for (int look = 1; reason != null && look < MOST_LOOKS; look++) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            reason = full(jvm.pid());
        }
        if (reason != null) {
            throw new StandpipeException(reason);
        }
    }

    private static @Nullable String full(int pid) throws StandpipeException {
        for (LivePipe pipe : pipes(pid)) {
            for (LivePipe.Holder holder : pipe.writers()) {
                if (holder.pid() == pid && (holder.fd() == 1 || holder.fd() == 2) && isWithoutRoom(pipe, pid, holder.fd())) {
                    return text(pid, holder.fd(), pipe);
                }
            }
        }
        for (LiveSocket socket : sockets(pid)) {
            for (LiveSocket.End end : socket.ends()) {
                for (LiveSocket.Holder holder : end.holders()) {
                    if (holder.pid() == pid && (holder.fd() == 1 || holder.fd() == 2) && end.full()) {
                        return text(pid, holder.fd(), "socket") + String.format(
                                Locale.ROOT, "see who should read it (standpipe list --pid %d); %s", pid, SILENT);
                    }
                }
            }
        }
        return null;
    }

    private static List<LivePipe> pipes(int pid) throws StandpipeException {
        try {
            return LivePipes.find().of(List.of(pid));
        } catch (UnavailableException e) {
            return List.of(); // To attach needs less than to look at what a process has open.
        }
    }

    private static List<LiveSocket> sockets(int pid) throws StandpipeException {
        try {
            return LiveSockets.of(List.of(pid));
        } catch (UnavailableException e) {
            return List.of(); // As of pipes.
        }
    }

    /** A write to a pipe without a reader fails at once. */
    private static boolean isWithoutRoom(LivePipe pipe, int pid, int fd) {
        if (pipe.readerless() || pipe.locked()) {
            return pipe.locked();
        }
        return pipe.isMeasured()
                ? pipe.full() || pipe.capacityBytes() - pipe.queuedBytes() < Math.min(ROOM_BYTES, pipe.capacityBytes() / 2)
                : pipe.path() == null && !takesBytes(pid, fd);
    }

    /**
     * Asks at a new description of a pipe whose fds may not be duplicated. Not for a FIFO: a writer more might be noticed by those who
     * wait in open. What cannot be found out counts as room.
     */
    private static boolean takesBytes(int pid, int fd) {
        String path = "/proc/" + pid + "/fd/" + fd;
        try (Fd end = FileCalls.open(FileCalls.CURRENT_DIRECTORY, path, Flags.O_WRONLY | Flags.O_NONBLOCK, 0)) {
            return PipeCalls.awaitRoom(end.number(), 0);
        } catch (ErrnoException e) {
            return true;
        }
    }

    private static String text(int pid, int fd, LivePipe pipe) {
        String options = "--pid " + pid + " --fd " + fd;
        String room = pipe.isMeasured()
                ? String.format(Locale.ROOT, "pipe (%,d of %,d bytes; %s)", pipe.queuedBytes(), pipe.capacityBytes(), pipe.explanation())
                : "pipe";
        return text(pid, fd, room) + String.format(
                Locale.ROOT,
                "see who should read it (standpipe list --pid %d) and what is in it (standpipe peek %s), make room (standpipe drain %s"
                        + " --output FILE); %s",
                pid, options, options, SILENT);
    }

    private static String text(int pid, int fd, String what) {
        return String.format(
                Locale.ROOT,
                "process %d: nothing was sent to it, since its standard %s (descriptor %d) is a full %s: this JVM prints warnings when an"
                        + " agent is loaded, and would wait there, with everybody who attaches later. Ways out: ",
                pid, fd == 1 ? "output" : "error", fd, what);
    }
}
