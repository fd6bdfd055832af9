// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.internal.proc.EpollSets;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fds of this process that a caller named, each with the pipe that was last there. Not safe for use by several threads. */
public final class TrackedFds {

    private final Map<Integer, PipeId> pipes = new TreeMap<>();
    private final List<EpollSets.Watch> releasedWatches = new ArrayList<>();
    private final List<Fd> formerPipes = new ArrayList<>();
    private boolean released;

    /** Tracks the fds that were saved, in place of those tracked before. */
    public void track(Map<Integer, PipeId> saved) {
        pipes.clear();
        pipes.putAll(saved);
    }

    /** Notes the new pipes at some of the fds. */
    void note(Map<Integer, PipeId> newPipes) {
        pipes.putAll(newPipes);
    }

    /** Returns the fds, ascending. */
    public Set<Integer> fds() {
        return Collections.unmodifiableSet(pipes.keySet());
    }

    /** Returns the pipe that was last at an fd; null where the fd is not tracked. */
    @Nullable PipeId pipe(int fd) {
        return pipes.get(fd);
    }

    FdOccupant occupant(int fd) throws ErrnoException {
        return FdOccupant.of(fd, pipe(fd));
    }

    /** Returns the fds by the pipe that was last at each. */
    Map<PipeId, List<Integer>> fdsByPipe() {
        Map<PipeId, List<Integer>> fdsByPipe = new HashMap<>();
        pipes.forEach((fd, pipe) -> fdsByPipe.computeIfAbsent(pipe, none -> new ArrayList<>(2)).add(fd));
        return fdsByPipe;
    }

    /**
     * Returns which epoll sets watch the pipes at some fds now.
     *
     * @param noEpollSets fds that are known to be no epoll sets
     */
    List<EpollSets.Watch> watches(Set<Integer> fds, BitSet noEpollSets) throws IOException {
        return EpollSets.watches(noEpollSets).stream()
                .filter(watch -> fds.contains(watch.number()) && isOf(watch, pipes.get(watch.number())))
                .toList();
    }

    private static boolean isOf(EpollSets.Watch watch, @Nullable PipeId pipe) {
        return pipe != null && pipe.ino() == watch.ino();
    }

    /** Keeps former pipes open in which a thread may wait: their closing would look like the end of what the thread reads. */
    void keepFormer(Collection<Fd> former) {
        formerPipes.addAll(former);
    }

    /** Closes former pipes, once no thread waits in one. */
    void closeFormer() {
        Fd.closeAll(formerPipes);
        formerPipes.clear();
    }

    /** Returns whether the fds were closed and are to be filled again. */
    public boolean isReleased() {
        return released;
    }

    /** @param watches what watched the fds until they were closed */
    void setReleased(List<EpollSets.Watch> watches) {
        releasedWatches.addAll(watches);
        released = true;
    }

    /** Notes that the fds are open again, and that what watched them does so again. */
    void setRestored() {
        releasedWatches.clear();
        released = false;
    }

    /** Returns what watched the fds until they were closed. */
    List<EpollSets.Watch> releasedWatches() {
        return releasedWatches;
    }
}
