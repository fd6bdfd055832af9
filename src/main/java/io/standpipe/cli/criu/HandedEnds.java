// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.restore.RestoredSet;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fds that CRIU gets: one for each open file description, which becomes that of an entry of CRIU's, and one for each pipe of which
 * CRIU has descriptions that Standpipe has not seen, such as those in the queue of a socket.
 */
final class HandedEnds implements AutoCloseable {

    private final Map<Long, Fd> byId = new LinkedHashMap<>();
    private final Map<CriuDump.PipeId, Fd> pipes = new LinkedHashMap<>();

    private HandedEnds() {}

    static HandedEnds of(SavedTree tree, RestoredSet restored, TreeChoices choices) throws StandpipeException {
        HandedEnds handed = new HandedEnds();
        boolean complete = false;
        try {
            Map<Integer, Fd> made = byDescription(restored);
            for (Map.Entry<Long, Integer> entry : tree.entries().entrySet()) {
                Integer number = choices.replaced().get(entry.getValue());
                Fd end = made.get(entry.getValue());
                number = number == null && end != null ? Integer.valueOf(end.number()) : number;
                if (number != null) {
                    handed.byId.put(entry.getKey(), FdCalls.duplicate(number));
                }
            }
            handed.addPipes(tree, made);
            complete = true;
            return handed;
        } catch (ErrnoException e) {
            throw Failures.of("the descriptors for CRIU", e);
        } finally {
            if (!complete) {
                handed.close();
            }
        }
    }

    private static Map<Integer, Fd> byDescription(RestoredSet restored) {
        Map<Integer, Fd> made = new HashMap<>();
        restored.byPid().values().forEach(process -> process.saved().table().descriptors().forEach(descriptor -> {
            Fd fd = process.fds().get(descriptor.fd());
            if (fd != null) {
                made.put(descriptor.description().objref(), fd);
            }
        }));
        return made;
    }

    private void addPipes(SavedTree tree, Map<Integer, Fd> made) throws StandpipeException, ErrnoException {
        Map<CriuDump.PipeId, Fd> ends = new HashMap<>();
        tree.image().processes().forEach(process -> process.table().descriptors().forEach(descriptor -> {
            Fd fd = made.get(descriptor.description().objref());
            Image.Pipe pipe = tree.image().pipeOf(descriptor.description());
            if (fd != null) {
                ends.put(SavedTree.id(pipe), fd);
            }
        }));
        for (CriuDump.End end : tree.dump().ends().values()) {
            Fd known = ends.get(end.pipe());
            if (known == null || byId.containsKey(end.id()) || pipes.containsKey(end.pipe())) {
                continue;
            }
            if (end.pipe().isFifo()) {
                throw new UnavailableException(end.pipe() + ": CRIU has a descriptor of it that no process has, such as one in the queue"
                        + " of a socket, and would put the contents into the FIFO once more: restore it by CRIU alone");
            }
            pipes.put(end.pipe(), FileCalls.reopen(known.number(), Flags.O_RDWR));
        }
    }

    /** Returns the ids of the entries whose descriptions are handed over. */
    Set<Long> ids() {
        return byId.keySet();
    }

    /** Returns the fds that CRIU is to have. */
    Set<Integer> fds() {
        Set<Integer> fds = new TreeSet<>();
        byId.values().forEach(fd -> fds.add(fd.number()));
        pipes.values().forEach(fd -> fds.add(fd.number()));
        return fds;
    }

    /** Returns CRIU's options. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        byId.forEach((id, fd) -> addTo(arguments, fd, RestoreView.key(id)));
        pipes.forEach((pipe, fd) -> addTo(arguments, fd, pipe.toString()));
        return arguments;
    }

    private static void addTo(List<String> arguments, Fd fd, String key) {
        arguments.add("--inherit-fd");
        arguments.add("fd[" + fd.number() + "]:" + key);
    }

    @Override
    public void close() {
        Fd.closeAll(byId.values());
        Fd.closeAll(pipes.values());
    }
}
