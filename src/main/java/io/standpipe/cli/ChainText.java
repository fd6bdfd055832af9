// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LiveActivity.Kind;
import io.standpipe.LivePipe;
import io.standpipe.LiveProcess;
import io.standpipe.internal.proc.LiveSocket;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Prints the way that bytes take from a process, and where it is stuck. */
final class ChainText {

    private static final String INDENT = "  ";

    /** A command line is not cut shorter, however narrow the terminal is. */
    private static final int LEAST_COLUMNS = 16;

    private final PrintWriter out;
    private final int columns;
    private final Colors colors;

    /** @param columns the width of the terminal; 0 if it is unknown */
    ChainText(PrintWriter out, int columns, Colors colors) {
        this.colors = colors;
        this.out = out;
        this.columns = columns;
    }

    /** @param pipes all that were found, of which the process may wait for bytes itself */
    void print(PipeChain chain, List<LivePipe> pipes) {
        print(chain, "");
        List<PipeChain.Link> stuck = chain.stuckLinks();
        stuck.forEach(link -> out.println(colors.bad("stuck at " + name(link)) + ": " + ProcessText.printable(reason(link))));
        List<LivePipe> awaited = pipes.stream().filter(pipe -> awaits(chain.process(), pipe)).toList();
        for (LivePipe pipe : awaited) {
            out.println((pipe.isStuck() ? "stuck at " : "it waits for bytes itself, of ") + name(pipe) + ": "
                    + ProcessText.printable(pipe.explanation()));
        }
        if (stuck.isEmpty() && awaited.stream().noneMatch(LivePipe::isStuck)) {
            out.println("nothing is stuck on this way");
        }
    }

    /** Returns whether a process waits for bytes of a pipe, or for a writer in open(). */
    private static boolean awaits(LiveProcess process, LivePipe pipe) {
        return pipe.readers().stream()
                        .anyMatch(holder -> holder.pid() == process.pid() && holder.activity().kind() == Kind.WAITS_FOR_BYTES)
                || pipe.openers().stream().anyMatch(opener -> opener.process().pid() == process.pid() && !opener.writer());
    }

    private void print(PipeChain chain, String indent) {
        LiveProcess process = chain.process();
        String before = indent + "process " + process.pid() + " (";
        String after = ")" + (chain.metBefore() ? ", which is above" : "");
        int room = columns == 0 ? 0 : Math.max(LEAST_COLUMNS, columns - before.length() - after.length());
        out.println(before + ProcessText.command(process, room) + after);
        for (PipeChain.Link link : chain.links()) {
            String fds = link.fds().isEmpty() ? "no fd yet" : "fd " + link.fds().stream().map(String::valueOf).collect(Collectors.joining(", "));
            out.println(indent + INDENT + fds + ": " + ProcessText.printable(link.activity().toString()));
            out.println(indent + INDENT + "-> " + (link.pipe() != null ? colors.of(link.pipe(), ListText.heading(link.pipe()))
                    : ListText.heading(Objects.requireNonNull(link.socket()))));
            if (link.readers().isEmpty()) {
                out.println(indent + INDENT + INDENT + "no reader that could be looked at");
            }
            link.readers().forEach(reader -> print(reader, indent + INDENT + INDENT));
        }
    }

    private static String name(PipeChain.Link link) {
        return link.pipe() != null ? name(link.pipe())
                : "socket " + Long.toUnsignedString(Objects.requireNonNull(link.socket()).ends().get(0).ino());
    }

    private static String name(LivePipe pipe) {
        return (pipe.path() == null ? "" : "FIFO " + pipe.path() + ", ") + "pipe " + Long.toUnsignedString(pipe.ino());
    }

    private static String reason(PipeChain.Link link) {
        return (link.pipe() != null ? link.pipe().explanation() : reason(Objects.requireNonNull(link.socket())))
                + (link.circular() ? "; the bytes come from that one: they wait for each other" : "");
    }

    private static String reason(LiveSocket socket) {
        return socket.ends().stream()
                .flatMap(end -> end.holders().stream())
                .map(holder -> holder.process() + " " + holder.activity())
                .collect(Collectors.joining("; "));
    }
}
