// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.JvmProcess;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a JVM could print a warning. If its standard output or error is a full pipe or socket, or a terminal that takes nothing, the
 * thread that loads an agent waits in the write of the JVM's own warning, and so does everybody who attaches later.
 */
final class FullStreams {

    private static final String SILENT = "a JVM that is started with -XX:+EnableDynamicAgentLoading"
            + " --enable-native-access=ALL-UNNAMED prints none";
    private static final int MOST_LOOKS = 5;
    private static final int PAUSE_MILLIS = 100;

    private FullStreams() {}

    /**
     * Throws if a JVM that prints warnings when an agent is loaded could not write them. What is read gets a moment to have room.
     *
     * @throws StandpipeException if there is no room; the message says where, who should read it, and the ways out
     */
    static void check(JvmProcess jvm) throws StandpipeException {
        for (int fd = 1; fd <= 2 && jvm.warns(); fd++) {
            for (int look = 1; !takesBytes(jvm.pid(), fd); look++) {
                if (look == MOST_LOOKS) {
                    throw new StandpipeException(text(jvm.pid(), fd));
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What cannot be found out counts as room: to attach needs less than to look at what a process has open. */
    private static boolean takesBytes(int pid, int fd) {
        try (Fd process = ProcessCalls.pidfdOpen(pid); Fd duplicate = ProcessCalls.pidfdGetFd(process.number(), fd)) {
            return PipeCalls.awaitRoom(duplicate.number(), 0);
        } catch (ErrnoException e) {
            String link = link(pid, fd);
            return e.errno() == Errno.EBADF || !(link.startsWith("pipe:") || isTerminal(link)) || takesBytesReopened(pid, fd);
        }
    }

    /** Not for a FIFO: a writer more might be noticed by those who wait in open. */
    private static boolean takesBytesReopened(int pid, int fd) {
        String path = "/proc/" + pid + "/fd/" + fd;
        try (Fd end = FileCalls.open(FileCalls.CURRENT_DIRECTORY, path, Flags.O_WRONLY | Flags.O_NONBLOCK | Flags.O_NOCTTY, 0)) {
            return PipeCalls.awaitRoom(end.number(), 0);
        } catch (ErrnoException e) {
            return true;
        }
    }

    private static String link(int pid, int fd) {
        try {
            return new String(PathCalls.readLink("/proc/" + pid + "/fd/" + fd), StandardCharsets.UTF_8);
        } catch (ErrnoException e) {
            return "";
        }
    }

    private static boolean isTerminal(String link) {
        return link.startsWith("/dev/pts/") || link.startsWith("/dev/tty") || link.equals("/dev/console");
    }

    private static String text(int pid, int fd) throws StandpipeException {
        String link = link(pid, fd);
        LivePipe pipe = isTerminal(link) || link.startsWith("socket:") ? null : pipe(pid, fd);
        String options = "--pid " + pid + " --fd " + fd;
        String what = pipe != null ? String.format(
                        Locale.ROOT, "full pipe (%,d of %,d bytes; %s)", pipe.queuedBytes().orElseThrow(), pipe.capacityBytes().orElseThrow(), pipe.explanation())
                : isTerminal(link) ? "terminal that takes nothing (" + link + ")"
                : link.startsWith("socket:") ? "full socket" : "full pipe";
        String ways = pipe != null ? "see who should read it (standpipe list --pid " + pid + ") and what is in it (standpipe peek " + options
                        + "), make room (standpipe drain " + options + " --output FILE)"
                : isTerminal(link) ? "have it go on (Ctrl-Q, or the program that shows it)"
                : "see who should read it (standpipe list --pid " + pid + ")";
        return "process " + pid + ": nothing was sent to it, since its standard " + (fd == 1 ? "output" : "error") + " (descriptor " + fd
                + ") is a " + what + ": this JVM prints warnings when an agent is loaded, and would wait there, with everybody who attaches"
                + " later. Ways out: " + ways + "; " + SILENT;
    }

    private static @Nullable LivePipe pipe(int pid, int fd) throws StandpipeException {
        return LivePipes.ofProcesses(pid).all().stream()
                .filter(pipe -> pipe.isMeasured()
                        && pipe.writers().stream().anyMatch(holder -> holder.pid() == pid && holder.fd() == fd))
                .findFirst()
                .orElse(null);
    }
}
