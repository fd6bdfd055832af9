// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.StandpipeException;
import io.standpipe.internal.jdk.JavaPipeObjects;
import io.standpipe.internal.jdk.VacatedObjects;
import io.standpipe.internal.proc.EpollSets;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Fds of this process that a caller named, each with the pipe that was last there. Not safe for use by several threads. */
public final class TrackedFds {

    private static final long TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final Map<Integer, PipeId> pipes = new TreeMap<>();
    private final List<Fd> formerPipes = new ArrayList<>();
    /** What watched the fds until they were closed; null while they are open. */
    private @Nullable List<EpollSets.Watch> releasedWatches;
    /** The objects that stood for the fds until they were closed; null while the fds are open. */
    private @Nullable VacatedObjects vacated;

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

    /** Returns whether an fd still has the pipe that was last there. */
    boolean hasPipe(int fd) throws ErrnoException {
        return isExpected(fd, Stat.ofOpen(fd));
    }

    /** Returns whether a duplicate has the pipe that was last at an fd. */
    boolean isPipe(int fd, Fd duplicate) throws ErrnoException {
        return isExpected(fd, Stat.of(duplicate.number()));
    }

    private boolean isExpected(int fd, @Nullable Stat stat) {
        PipeId pipe = pipe(fd);
        return pipe != null && stat != null && stat.isFifo() && stat.dev() == pipe.dev() && stat.ino() == pipe.ino();
    }

    /**
     * Waits until an fd is free or has the pipe that was last there.
     *
     * @return whether it has the pipe
     * @throws StandpipeException if something else stays there
     */
    boolean awaitPipeOrVacancy(int fd) throws StandpipeException, ErrnoException {
        long startNanos = System.nanoTime();
        for (Stat stat = Stat.ofOpen(fd); stat != null; stat = Stat.ofOpen(fd)) {
            if (isExpected(fd, stat)) {
                return true;
            }
            pause(fd, startNanos);
        }
        return false;
    }

    /**
     * Pauses before one more look at an fd that something else has. The JVM itself opens files for an instant at any time, at
     * the lowest fd that is free: its compilers read the limits of the control group, for example.
     *
     * @param startNanos time of the first look
     * @throws StandpipeException if that was more than half a second ago
     */
    static void pause(int fd, long startNanos) throws StandpipeException {
        if (System.nanoTime() - startNanos > TIMEOUT_NANOS) {
            throw taken(fd);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    /** Returns the exception for an fd that something else has. */
    static StandpipeException taken(int fd) {
        return new StandpipeException("descriptor " + fd + ": the number is taken by " + describe(fd)
                + "; a restore in place overwrites nothing, and none of the pipes was restored");
    }

    /** Returns the path, or the kind, of the file at an fd, for messages. */
    static String describe(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        } catch (IOException e) {
            return "nothing";
        }
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
        return releasedWatches != null;
    }

    /**
     * Notes that the fds were closed.
     *
     * @param watches what watched the fds until then
     * @param objects what stood for the fds until then
     */
    void setReleased(List<EpollSets.Watch> watches, VacatedObjects objects) {
        releasedWatches = watches;
        vacated = objects;
    }

    /** Notes that the fds are open again, and that what watched them does so again; the objects stand for them again. */
    void setRestored() {
        releasedWatches = null;
        if (vacated != null) {
            vacated.setValid();
            vacated = null;
        }
    }

    /** Returns the fds that objects stand for: now, or as soon as the fds are open again. */
    public Set<Integer> claimedBy(JavaPipeObjects named) {
        return vacated != null ? vacated.fds() : named.fds();
    }

    /** Returns what watched the fds until they were closed. */
    List<EpollSets.Watch> releasedWatches() {
        return releasedWatches == null ? List.of() : releasedWatches;
    }
}
