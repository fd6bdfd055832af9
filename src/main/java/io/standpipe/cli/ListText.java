// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LiveActivity;
import io.standpipe.LivePipe;
import io.standpipe.LiveProcess;
import io.standpipe.internal.proc.LiveSocket;
import io.standpipe.internal.proc.ProcessIo;
import io.standpipe.internal.sys.Flags;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints pipes and sockets as text for people: each by one call and without a format, since there are thousands. */
final class ListText {

    /** A command line is not cut shorter, however narrow the terminal is. */
    private static final int LEAST_COLUMNS = 16;

    private static final String[] ENDS = {"  read   ", "  write  ", "  both   "};
    private static final String SOCKET_END = "  end    ";

    private final PrintWriter out;
    private final int columns;
    private final String ownContainer;
    private final Movement movement;
    private final Colors colors;
    private final Map<Long, String> owners = new HashMap<>();

    /**
     * @param columns the width of the terminal; 0 if it is unknown
     * @param ownContainer the container of this process, which need not be said of others; empty if it is in none
     */
    ListText(PrintWriter out, int columns, String ownContainer, Movement movement, Colors colors) {
        this.colors = colors;
        this.out = out;
        this.columns = columns;
        this.ownContainer = ownContainer;
        this.movement = movement;
    }

    void print(Listing listing) {
        listing.pipes().forEach(this::print);
        listing.sockets().forEach(this::print);
    }

    private void print(LivePipe pipe) {
        StringBuilder text = new StringBuilder(colors.of(pipe, heading(pipe))).append(change(movement.of(pipe)));
        for (LivePipe.Holder holder : pipe.holders()) {
            append(text, ENDS[holder.accessMode().ordinal()], holder.process(), fd(holder.process(), holder.thread(), holder.fd(), holder.flags()),
                    holder.activity());
        }
        for (LivePipe.Opener opener : pipe.openers()) {
            append(text, ENDS[opener.writer() ? Flags.O_WRONLY : Flags.O_RDONLY], opener.process(), ", no fd yet", opener.activity());
        }
        out.println(text);
    }

    /** Returns what a pipe is, how full, and its state. */
    static String heading(LivePipe pipe) {
        String name = "pipe " + Long.toUnsignedString(pipe.ino());
        return (pipe.path() == null ? name : "FIFO " + pipe.path() + " (" + name + ")") + "  "
                + (pipe.isMeasured() ? Sizes.use(pipe.queuedBytes().orElseThrow(), pipe.capacityBytes().orElseThrow()) + ", " : "") + pipe.state();
    }

    private void print(LiveSocket socket) {
        StringBuilder text = new StringBuilder(heading(socket));
        for (LiveSocket.End end : socket.ends()) {
            text.append(System.lineSeparator()).append("  socket ").append(Long.toUnsignedString(end.ino())).append(": ");
            text.append(end.queuedBytes() < 0 ? "what it has to be read is out of reach" : Sizes.count(end.queuedBytes(), "byte") + " to be read");
            text.append(end.full() ? ", and takes no more for the other end" : "").append(change(movement.of(end)));
            for (LiveSocket.Holder holder : end.holders()) {
                append(text, SOCKET_END, holder.process(), fd(holder.process(), holder.thread(), holder.fd(), holder.flags()),
                        holder.activity());
            }
            if (end.holders().isEmpty()) {
                text.append(System.lineSeparator()).append(SOCKET_END).append("held by no process that could be looked at");
            }
        }
        out.println(text);
    }

    /** Returns what a socket is connected to, and its state. */
    static String heading(LiveSocket socket) {
        String numbers = socket.ends().stream().map(end -> Long.toUnsignedString(end.ino())).collect(Collectors.joining(" - "));
        String name = (socket.pair() ? "socket pair " : "Unix socket ") + numbers;
        return socket.unknown() != null ? name + ", whose other end is unknown: " + socket.unknown()
                : socket.isPeerClosed() ? name + ", whose other end is closed: a read ends, a write fails with SIGPIPE"
                : socket.isStuck() ? name + ", stuck: what waits there is not read" : name;
    }

    private static String fd(LiveProcess process, long thread, int fd, int flags) {
        return (thread == process.pid() ? "" : ", thread " + thread) + ", fd " + fd
                + ((flags & Flags.O_NONBLOCK) != 0 ? ", nonblocking" : "");
    }

    private void append(StringBuilder text, String end, LiveProcess process, String fd, LiveActivity activity) {
        String before = end + "process " + process.pid() + " (";
        String after = owners.computeIfAbsent(process.pid(), pid -> owner(process)) + fd + ": "
                + ProcessText.printable(activity.toString()) + io(movement.of(process));
        int room = columns == 0 ? 0 : Math.max(LEAST_COLUMNS, columns - before.length() - after.length());
        text.append(System.lineSeparator()).append(before).append(ProcessText.command(process, room)).append(after);
    }

    private String owner(LiveProcess process) {
        String container = ProcessText.container(process);
        return ")" + (process.user().isEmpty() ? "" : ", user " + process.user())
                + (container.isEmpty() || container.equals(ownContainer) ? "" : ", container " + container);
    }

    private static String change(@Nullable Integer bytes) {
        return bytes == null ? "" : "; " + (bytes < 0 ? "-" : "+") + Sizes.count(Math.abs(bytes), "byte") + " since";
    }

    private static String io(@Nullable ProcessIo moved) {
        return moved == null ? "" : moved.readBytes() == 0 && moved.writtenBytes() == 0 ? "; nothing read or written"
                : "; " + Sizes.bytes(moved.readBytes()) + " read, " + Sizes.bytes(moved.writtenBytes()) + " written (all its files)";
    }
}
