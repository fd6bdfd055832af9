// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.live.Holder;
import io.standpipe.internal.restore.RestoredSet;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ends of restored pipes that only processes outside of the dump had: a small process holds them, so that nobody sees them closed.
 * It ends with CRIU, which has an fd for that, unless CRIU has restored the processes.
 */
final class OutsideEnds implements AutoCloseable {

    private final @Nullable Holder holder;
    private final String note;

    private OutsideEnds(@Nullable Holder holder, String note) {
        this.holder = holder;
        this.note = note;
    }

    /** Returns what holds nothing. */
    static OutsideEnds none() {
        return new OutsideEnds(null, "");
    }

    /** Starts the process, if there are such ends. It ends with this object, or with this process. */
    static OutsideEnds hold(SavedTree tree, RestoredSet restored, Duration time) throws StandpipeException {
        List<Fd> opened = new ArrayList<>();
        try {
            Set<Integer> seen = new HashSet<>();
            List<String> names = new ArrayList<>();
            for (var process : restored.byPid().values()) {
                for (Image.Descriptor descriptor : process.saved().table().descriptors()) {
                    Image.Pipe pipe = tree.image().pipeOf(descriptor.description());
                    Fd fd = process.fds().get(descriptor.fd());
                    if (fd != null && !pipe.isFifo() && seen.add(pipe.objref())) {
                        open(tree, pipe, fd, opened, names);
                    }
                }
            }
            if (opened.isEmpty()) {
                return none();
            }
            Map<Integer, Integer> placement = new TreeMap<>();
            opened.forEach(fd -> placement.put(fd.number(), fd.number()));
            Holder holder = Holder.start("pipes whose other ends are restored", placement, time);
            List<String> words = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                words.add(names.get(i) + ", to be opened as /proc/" + holder.pid() + "/fd/" + opened.get(i).number());
            }
            return new OutsideEnds(holder, "process " + holder.pid() + " holds for " + time.toSeconds()
                    + " s what processes outside of the dump had: " + String.join("; ", words));
        } catch (ErrnoException e) {
            throw Failures.of("the ends that processes outside of the dump had", e);
        } finally {
            Fd.closeAll(opened);
        }
    }

    boolean areHeld() {
        return holder != null;
    }

    /** Returns a sentence about what holds which ends, if any does. */
    Optional<String> note() {
        return holder == null ? Optional.empty() : Optional.of(note);
    }

    /** Returns the fds that CRIU needs to have. */
    Set<Integer> kept() {
        return holder == null ? Set.of() : Set.of(holder.control().number());
    }

    /** Returns what a shell that CRIU starts says to the process, so that it stays when CRIU ends. CRIU closes its own fds there. */
    String stayInShell() {
        return "printf " + Holder.STAY + " > /proc/" + ProcessCalls.pid() + "/fd/" + Objects.requireNonNull(holder).control().number();
    }

    @Override
    public void close() {
        if (holder != null) {
            holder.close();
        }
    }

    private static void open(SavedTree tree, Image.Pipe pipe, Fd fd, List<Fd> opened, List<String> names) throws ErrnoException {
        if (pipe.external().read() && !isThere(tree, pipe, Flags.O_WRONLY)) {
            opened.add(FileCalls.reopen(fd.number(), Flags.O_RDONLY));
            names.add("the read end of " + SavedTree.id(pipe));
        }
        if (pipe.external().write() && !isThere(tree, pipe, Flags.O_RDONLY)) {
            opened.add(FileCalls.reopen(fd.number(), Flags.O_WRONLY));
            names.add("the write end of " + SavedTree.id(pipe));
        }
    }

    /** Returns whether CRIU restores an end of another kind than this one alone: to a process, or to the queue of a socket. */
    private static boolean isThere(SavedTree tree, Image.Pipe pipe, int other) {
        return tree.dump().ends().values().stream()
                .anyMatch(end -> end.pipe().equals(SavedTree.id(pipe)) && (end.flags() & Flags.O_ACCMODE) != other);
    }
}
