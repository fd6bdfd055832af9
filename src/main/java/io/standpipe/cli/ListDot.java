// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.LiveProcess;
import io.standpipe.LiveSocket;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Prints pipes and sockets as a graph for Graphviz: from writers to a pipe, and from the pipe to readers. What is stuck is red. */
final class ListDot {

    private static final int COMMAND_COLUMNS = 40;
    private static final String STUCK = ", color=red, fontcolor=red";

    private final Map<Integer, LiveProcess> processes = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    private ListDot() {}

    static void print(Listing listing, PrintWriter out) {
        ListDot dot = new ListDot();
        listing.pipes().forEach(dot::add);
        listing.sockets().forEach(dot::add);
        out.println("digraph pipes {");
        out.println("  rankdir=LR;");
        dot.processes.values().forEach(process -> out.println("  " + id(process) + " [shape=box, label="
                + quoted("process " + process.pid() + "\n" + ProcessText.command(process, COMMAND_COLUMNS)) + "];"));
        dot.lines.forEach(line -> out.println("  " + line));
        out.println("}");
    }

    private void add(LivePipe pipe) {
        String id = "pipe_" + Long.toUnsignedString(pipe.dev()) + "_" + Long.toUnsignedString(pipe.ino());
        String name = pipe.path() == null ? "pipe " + Long.toUnsignedString(pipe.ino()) : "FIFO " + pipe.path();
        String bytes = pipe.isMeasured() ? "\n" + Sizes.grouped(pipe.queuedBytes()) + " of " + Sizes.grouped(pipe.capacityBytes()) + " bytes" : "";
        lines.add(id + " [label=" + quoted(name + bytes + "\n" + pipe.state()) + (pipe.isStuck() ? STUCK : "") + "];");
        for (LivePipe.Holder holder : pipe.holders()) {
            String label = "fd " + holder.fd() + "\n" + holder.activity().kind();
            if (holder.isWriter()) {
                addEdge(node(holder.process()), id, label, "");
            }
            if (holder.isReader()) {
                addEdge(id, node(holder.process()), label, "");
            }
        }
        for (LivePipe.Opener opener : pipe.openers()) {
            String process = node(opener.process());
            addEdge(opener.writer() ? process : id, opener.writer() ? id : process, opener.activity().kind().toString(), ", style=dashed");
        }
    }

    private void add(LiveSocket socket) {
        String id = "socket_" + Long.toUnsignedString(socket.ends().get(0).ino());
        List<String> label = new ArrayList<>(List.of(socket.pair() ? "socket pair" : "socket"));
        for (LiveSocket.End end : socket.ends()) {
            label.add(Long.toUnsignedString(end.ino()) + ": " + Sizes.grouped(Math.max(0, end.queuedBytes())) + " bytes to be read");
        }
        lines.add(id + " [shape=hexagon, label=" + quoted(String.join("\n", label)) + (socket.isStuck() ? STUCK : "") + "];");
        for (LiveSocket.End end : socket.ends()) {
            for (LiveSocket.Holder holder : end.holders()) {
                String text = "fd " + holder.fd() + "\n" + holder.activity().kind();
                addEdge(node(holder.process()), id, text, ", dir=both");
            }
        }
    }

    private String node(LiveProcess process) {
        return id(processes.computeIfAbsent(process.pid(), pid -> Objects.requireNonNull(process)));
    }

    private static String id(LiveProcess process) {
        return "process_" + process.pid();
    }

    private void addEdge(String from, String to, String label, String attributes) {
        lines.add(from + " -> " + to + " [label=" + quoted(label) + attributes + "];");
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
