// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LiveActivity;
import io.standpipe.LivePipe;
import io.standpipe.LiveProcess;
import io.standpipe.internal.proc.LiveSocket;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints pipes and sockets as a graph for Graphviz: from writers to a pipe, and from the pipe to readers. The box of a pipe is filled
 * as far as the pipe is. What is stuck is red and has the word; so has a process that somebody has stopped.
 */
final class ListDot {

    private static final int COMMAND_COLUMNS = 40;
    private static final String FONT = "fontname=\"Helvetica,Arial,sans-serif\"";
    private static final String RED = ", color=\"#b00020\", fontcolor=\"#b00020\"";
    private static final String STUCK = RED + ", penwidth=3";
    private static final String HALTED = ", style=\"rounded,filled\", fillcolor=\"#ffe0b2\", penwidth=3";

    private final Map<Long, String> processes = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    private ListDot() {}

    static void print(Listing listing, PrintWriter out) {
        ListDot dot = new ListDot();
        listing.pipes().forEach(dot::add);
        listing.sockets().forEach(dot::add);
        out.println("digraph pipes {");
        out.println("  graph [bgcolor=white];"); // so that a dark page does not swallow the letters
        out.println("  node [shape=box, " + FONT + "];");
        out.println("  edge [fontsize=12, " + FONT + "];");
        dot.processes.values().forEach(process -> out.println("  " + process));
        dot.lines.forEach(line -> out.println("  " + line));
        out.println("}");
    }

    private void add(LivePipe pipe) {
        String id = "pipe_" + Long.toUnsignedString(pipe.dev()) + "_" + Long.toUnsignedString(pipe.ino());
        String name = pipe.path() == null ? "pipe " + Long.toUnsignedString(pipe.ino()) : "FIFO " + pipe.path();
        String bytes = pipe.isMeasured() ? "\n" + Sizes.grouped(pipe.queuedBytes().orElseThrow()) + " of " + Sizes.grouped(pipe.capacityBytes().orElseThrow()) + " bytes" : "";
        boolean stuck = pipe.isStuck();
        lines.add(id + " [label=" + quoted(name + bytes + "\n" + (stuck ? "STUCK: " : "") + pipe.state()) + fill(pipe) + (stuck ? STUCK : "")
                + "];");
        String colour = stuck ? RED : "";
        for (LivePipe.Holder holder : pipe.holders()) {
            String label = "fd " + holder.fd() + ": " + does(holder.activity(), stuck);
            String process = node(holder.process(), holder.activity());
            if (holder.isWriter()) {
                addEdge(process, id, label, colour);
            }
            if (holder.isReader()) {
                addEdge(id, process, label, colour);
            }
        }
        for (LivePipe.Opener opener : pipe.openers()) {
            String process = node(opener.process(), opener.activity());
            addEdge(opener.writer() ? process : id, opener.writer() ? id : process, opener.activity().kind().toString(),
                    colour + ", style=dashed");
        }
    }

    /** Returns the attributes of a box that is filled as far as the pipe is. */
    private static String fill(LivePipe pipe) {
        String colour = pipe.isStuck() ? "#ffcdd2" : "#bbdefb";
        if (pipe.full()) { // by its buffers: it can have few bytes
            return ", style=filled, fillcolor=\"" + colour + "\"";
        }
        double filled = pipe.isMeasured() ? Math.min(0.99, (double) pipe.queuedBytes().orElseThrow() / pipe.capacityBytes().orElseThrow()) : 0;
        return filled < 0.01 ? "" : ", style=striped, fillcolor=\"" + colour + ";" + Math.round(filled * 100) / 100.0 + ":white\"";
    }

    /** Returns what a process does at an end and, where that is stuck, what it does instead. */
    private static String does(LiveActivity activity, boolean stuck) {
        return activity.kind() + (stuck && activity.where() != null ? ":\n" + ProcessText.cut(activity.where(), COMMAND_COLUMNS) : "");
    }

    private void add(LiveSocket socket) {
        String id = "socket_" + Long.toUnsignedString(socket.ends().get(0).ino());
        List<String> label = new ArrayList<>(List.of(socket.pair() ? "socket pair" : "socket"));
        for (LiveSocket.End end : socket.ends()) {
            label.add(Long.toUnsignedString(end.ino()) + ": " + Sizes.grouped(Math.max(0, end.queuedBytes())) + " bytes to be read");
        }
        boolean stuck = socket.isStuck();
        if (stuck) {
            label.add("STUCK: what waits there is not read");
        }
        lines.add(id + " [shape=hexagon, label=" + quoted(String.join("\n", label)) + (stuck ? STUCK : "") + "];");
        for (LiveSocket.End end : socket.ends()) {
            for (LiveSocket.Holder holder : end.holders()) {
                addEdge(node(holder.process(), holder.activity()), id, "fd " + holder.fd() + ": " + does(holder.activity(), stuck),
                        (stuck ? RED : "") + ", dir=both");
            }
        }
    }

    private String node(LiveProcess process, LiveActivity activity) {
        String id = "process_" + process.pid();
        processes.computeIfAbsent(process.pid(), pid -> id + " [label="
                + quoted(ProcessText.command(process, COMMAND_COLUMNS) + "\nprocess " + pid
                        + (activity.isHalted() ? "\n" + activity.kind().toString().toUpperCase(Locale.ROOT) : ""))
                + (activity.isHalted() ? HALTED : ", style=rounded") + "];");
        return id;
    }

    private void addEdge(String from, String to, String label, String attributes) {
        lines.add(from + " -> " + to + " [label=" + quoted("  " + label.replace("\n", "\n  ")) + attributes + "];"); // not on the line
    }

    /** Returns a string of the language, in which a backslash begins what Graphviz replaces, and a quote ends it. */
    private static String quoted(String text) {
        String escaped = text.lines()
                .map(line -> ProcessText.printable(line).replace("\\", "\\\\").replace("\"", "\\\""))
                .reduce((first, second) -> first + "\\n" + second)
                .orElse("");
        return "\"" + escaped + "\"";
    }
}
