// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LiveActivity;
import io.standpipe.LiveActivity.Kind;
import io.standpipe.LivePipe;
import io.standpipe.LiveProcess;
import io.standpipe.internal.proc.LiveSocket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way that bytes take from a process: along its write ends to the readers, along theirs to the next ones, to the end of the
 * pipeline. Sockets in which bytes are queued are part of it.
 *
 * @param links what the process gives bytes to, first what leads to where it is stuck; none for one that is on the way already
 * @param metBefore whether the process is on the way already, so that its links are not repeated
 */
record PipeChain(LiveProcess process, List<Link> links, boolean metBefore) {

    PipeChain {
        links = List.copyOf(links);
    }

    /**
     * A pipe, or a socket, that a process gives bytes to.
     *
     * @param fds of the process; none if it waits in open() of a FIFO
     * @param activity what the process does, as seen from the first of these
     * @param pipe null for a socket
     * @param socket null for a pipe
     * @param readers where the bytes go; none if nobody reads, or can be seen to
     * @param circular whether a reader is a process that the bytes came from
     */
    record Link(
            List<Integer> fds, LiveActivity activity, @Nullable LivePipe pipe, @Nullable LiveSocket socket, List<PipeChain> readers,
            boolean circular) {

        Link {
            fds = List.copyOf(fds);
            readers = List.copyOf(readers);
        }

        /** Returns whether the pipe or socket is stuck. */
        boolean isStuck() {
            return pipe != null ? pipe.isStuck() : Objects.requireNonNull(socket).isStuck();
        }

        private boolean leadsToStuck() {
            return isStuck() || readers.stream().anyMatch(reader -> reader.links.stream().anyMatch(Link::leadsToStuck));
        }
    }

    /**
     * Follows the way from a process.
     *
     * @param pipes all that were found
     * @param sockets all in which bytes are queued
     * @return empty if the process neither holds nor waits to open one of these
     */
    static Optional<PipeChain> from(long pid, Collection<LivePipe> pipes, Collection<LiveSocket> sockets) {
        Walk walk = new Walk(pipes, sockets);
        LiveProcess process = walk.processes.get(pid);
        return process == null ? Optional.empty() : Optional.of(walk.from(process));
    }

    /** Returns the links where the way is stuck: those that are while none behind them is. */
    List<Link> stuckLinks() {
        List<Link> stuck = new ArrayList<>();
        addStuck(stuck, new HashMap<>());
        return stuck;
    }

    /**
     * Returns whether the process or what is behind it is stuck.
     *
     * @param known that of each process that was met; false for one that the bytes came from
     */
    private boolean addStuck(List<Link> stuck, Map<Long, Boolean> known) {
        if (metBefore) {
            return known.getOrDefault(process.pid(), false);
        }
        known.put(process.pid(), false);
        boolean any = false;
        for (Link link : links) {
            boolean behind = false;
            for (PipeChain reader : link.readers) {
                behind |= reader.addStuck(stuck, known);
            }
            if (!behind && link.isStuck()) {
                stuck.add(link);
            }
            any |= behind || link.isStuck();
        }
        known.put(process.pid(), any);
        return any;
    }

    /** Returns all links of the way, each pipe and socket where it is met first. */
    List<Link> allLinks() {
        List<Link> all = new ArrayList<>();
        for (Link link : links) {
            all.add(link);
            link.readers.forEach(reader -> all.addAll(reader.allLinks()));
        }
        return all;
    }

    /** One walk, which comes to each process once. */
    private static final class Walk {

        private final Map<Long, LiveProcess> processes = new HashMap<>();
        private final Map<Long, List<LivePipe>> pipes = new HashMap<>();
        private final Collection<LiveSocket> sockets;
        private final Set<Long> met = new HashSet<>();
        /** Those that the bytes came from. */
        private final Set<Long> above = new HashSet<>();

        Walk(Collection<LivePipe> pipes, Collection<LiveSocket> sockets) {
            this.sockets = sockets;
            for (LivePipe pipe : pipes) {
                pipe.holders().forEach(holder -> add(pipe, holder.process()));
                pipe.openers().forEach(opener -> add(pipe, opener.process()));
            }
            for (LiveSocket socket : sockets) {
                socket.ends().forEach(end -> end.holders().forEach(holder -> processes.putIfAbsent(holder.pid(), holder.process())));
            }
        }

        private void add(LivePipe pipe, LiveProcess process) {
            processes.putIfAbsent(process.pid(), process);
            List<LivePipe> held = pipes.computeIfAbsent(process.pid(), pid -> new ArrayList<>(2));
            if (held.isEmpty() || held.get(held.size() - 1).ino() != pipe.ino() || held.get(held.size() - 1).dev() != pipe.dev()) {
                held.add(pipe);
            }
        }

        PipeChain from(LiveProcess process) {
            if (!met.add(process.pid())) {
                return new PipeChain(process, List.of(), true);
            }
            above.add(process.pid());
            List<Link> links = new ArrayList<>();
            for (LivePipe pipe : pipes.getOrDefault(process.pid(), List.of())) {
                add(pipe, process.pid(), links);
            }
            for (LiveSocket socket : sockets) {
                add(socket, process.pid(), links);
            }
            above.remove(process.pid());
            links.sort(Comparator.comparing(link -> !link.leadsToStuck()));
            return new PipeChain(process, links, false);
        }

        private void add(LivePipe pipe, long pid, List<Link> links) {
            List<LivePipe.Holder> writers = pipe.writers().stream().filter(holder -> holder.pid() == pid).toList();
            List<LiveProcess> readers = pipe.readers().stream()
                    .filter(holder -> holder.pid() != pid)
                    .map(LivePipe.Holder::process)
                    .toList();
            boolean ofItsOwn = readers.isEmpty() && pipe.readers().stream().anyMatch(holder -> holder.pid() == pid);
            if (!writers.isEmpty() && !ofItsOwn) {
                List<Integer> fds = writers.stream().map(LivePipe.Holder::fd).toList();
                links.add(link(fds, writers.get(0).activity(), pipe, null, readers));
            }
            pipe.openers().stream()
                    .filter(opener -> opener.writer() && opener.process().pid() == pid)
                    .findFirst()
                    .ifPresent(opener -> links.add(link(List.of(), opener.activity(), pipe, null, readers)));
        }

        private void add(LiveSocket socket, long pid, List<Link> links) {
            for (LiveSocket.End end : socket.ends()) {
                LiveSocket.End other = socket.otherThan(end);
                List<LiveSocket.Holder> senders = end.holders().stream().filter(holder -> holder.pid() == pid).toList();
                boolean used = end.isBlocked() || other != null && other.queuedBytes() > 0;
                if (!senders.isEmpty() && used) {
                    List<LiveProcess> readers = other == null ? List.of()
                            : other.holders().stream().filter(holder -> holder.pid() != pid).map(LiveSocket.Holder::process).toList();
                    links.add(link(
                            senders.stream().map(LiveSocket.Holder::fd).toList(), activity(senders), null, socket, readers));
                }
            }
        }

        private static LiveActivity activity(List<LiveSocket.Holder> senders) {
            return senders.stream()
                    .map(LiveSocket.Holder::activity)
                    .filter(activity -> activity.kind() == Kind.WAITS_FOR_ROOM)
                    .findFirst()
                    .orElse(senders.get(0).activity());
        }

        private Link link(
                List<Integer> fds, LiveActivity activity, @Nullable LivePipe pipe, @Nullable LiveSocket socket, List<LiveProcess> readers) {
            Map<Long, LiveProcess> byPid = new LinkedHashMap<>();
            readers.forEach(reader -> byPid.putIfAbsent(reader.pid(), reader));
            boolean circular = byPid.keySet().stream().anyMatch(above::contains);
            return new Link(fds, activity, pipe, socket, byPid.values().stream().map(this::from).toList(), circular);
        }
    }
}
