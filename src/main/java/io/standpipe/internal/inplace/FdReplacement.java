// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.EpollSets;
import io.standpipe.internal.sys.EpollCalls;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts restored pipes at their old fds in this process: all, or none.
 *
 * <p>Vacant fds are reserved first, so that nothing takes one while the pipes are made, not even the new pipes' own fds. At a
 * reserved fd is a placeholder, opened with O_PATH: every call on it fails as on a closed fd. An fd in use is duplicated first,
 * and must have the same open file description at the very moment of being replaced. Where the kernel cannot compare the two, an
 * epoll set does, which knows each fd that it watches together with its description.
 */
final class FdReplacement implements AutoCloseable {

    private final TrackedFds tracked;
    private final Map<Integer, Fd> reserved = new LinkedHashMap<>();
    /** Duplicates of the fds in use: threads may be in a call on their open file descriptions. */
    private final Map<Integer, Fd> former = new LinkedHashMap<>();
    private Fd placeholder;
    /** Watches the fds in use; null where the kernel compares descriptions. */
    private @Nullable Fd watching;

    /** @param expected a duplicate of what was at the fd before */
    private record Move(int from, int fd, Fd expected, boolean wasCloseOnExec) {}

    private FdReplacement(TrackedFds tracked, Fd placeholder) {
        this.tracked = tracked;
        this.placeholder = placeholder;
    }

    /** Reserves the vacant fds and duplicates those in use. */
    static FdReplacement prepare(List<Integer> vacant, List<Integer> inUse, TrackedFds tracked) throws StandpipeException {
        FdReplacement replacement = null;
        boolean complete = false;
        try {
            replacement = new FdReplacement(tracked, openPlaceholder());
            replacement.reserve(vacant);
            if (!FileDescriptionCalls.isComparable(replacement.placeholder.number())) {
                replacement.watching = EpollCalls.create();
            }
            for (int fd : inUse) {
                replacement.keep(fd);
            }
            complete = true;
            return replacement;
        } catch (ErrnoException e) {
            throw Failures.of("a restore in place", e);
        } finally {
            if (!complete && replacement != null) {
                replacement.close();
            }
        }
    }

    /** Opens a file that nothing else has, so that nothing else can be taken for the placeholder. */
    private static Fd openPlaceholder() throws ErrnoException {
        try (Fd file = FileCalls.memoryFile("reserved")) {
            return FileCalls.reopen(file.number(), Flags.O_PATH);
        }
    }

    /** Duplicates an fd in use, which may have become something else since it was looked at. */
    private void keep(int fd) throws StandpipeException, ErrnoException {
        if (watching != null) {
            EpollCalls.add(watching.number(), fd, 0, 0); // first: what comes to the fd later is not watched
        }
        Fd duplicate = FdCalls.duplicate(fd);
        former.put(fd, duplicate);
        if (!tracked.isPipe(fd, duplicate)) {
            throw TrackedFds.taken(fd);
        }
    }

    private void reserve(List<Integer> vacant) throws StandpipeException, ErrnoException {
        for (int fd : vacant) {
            if (fd == placeholder.number()) {
                reserved.put(fd, placeholder);
            } else {
                long startNanos = System.nanoTime();
                while (!reserve(fd)) {
                    TrackedFds.pause(fd, startNanos);
                }
            }
        }
        if (reserved.containsKey(placeholder.number())) {
            placeholder = FdCalls.duplicate(placeholder.number());
        }
    }

    private boolean reserve(int fd) throws ErrnoException {
        Fd duplicate = FdCalls.duplicateFrom(placeholder.number(), fd);
        if (duplicate.number() != fd) {
            duplicate.close();
            return false;
        }
        reserved.put(fd, duplicate);
        return true;
    }

    /**
     * Moves the restored pipes to their old fds, and moves what watches or waits there to the new pipes.
     *
     * @param restored the fds that the restored pipes have now, by old fd
     * @param closeOnExec the old fds that an exec closes
     * @return what is not as it was, a sentence each
     */
    List<String> replace(Map<Integer, Integer> restored, Set<Integer> closeOnExec) throws StandpipeException, IOException {
        List<EpollSets.Watch> watches = watches(restored.values());
        Deque<Move> done = new ArrayDeque<>();
        boolean complete = false;
        try {
            for (EpollSets.Watch watch : watches) {
                if (former.containsKey(watch.number())) {
                    EpollCalls.remove(watch.epoll(), watch.number());
                }
            }
            for (Map.Entry<Integer, Integer> move : restored.entrySet()) {
                done.push(move(move.getValue(), move.getKey(), closeOnExec.contains(move.getKey())));
            }
            complete = true;
        } finally {
            if (!complete) {
                undo(done);
                watch(watches.stream().filter(watch -> former.containsKey(watch.number())).toList());
            }
        }
        reserved.values().forEach(Fd::release);
        reserved.clear();
        List<String> deviations = watch(watches);
        if (!former.isEmpty()) {
            deviations.addAll(restartCalls());
        }
        return deviations;
    }

    private Move move(int from, int fd, boolean closeOnExec) throws StandpipeException, ErrnoException {
        boolean wasCloseOnExec = former.containsKey(fd) && FdCalls.isCloseOnExec(fd);
        Fd expected = former.getOrDefault(fd, placeholder);
        if (!FdCalls.replace(expected.number(), from, fd, closeOnExec, epoll())) {
            throw TrackedFds.taken(fd);
        }
        return new Move(from, fd, expected, wasCloseOnExec);
    }

    private void undo(Deque<Move> done) throws ErrnoException {
        for (Move move : done) {
            FdCalls.replace(move.from(), move.expected().number(), move.fd(), move.wasCloseOnExec(), epoll());
        }
    }

    private int epoll() {
        return watching == null ? -1 : watching.number();
    }

    /** Has threads go on at the new pipes; former pipes in which one may still wait stay open until the next restore. */
    private List<String> restartCalls() {
        placeholder.close(); // It is too late to fail: at the limit of fds this leaves one to find the threads with.
        List<String> deviations = BlockedThreads.restartCalls(former.keySet());
        if (deviations.isEmpty()) {
            tracked.closeFormer();
        } else {
            tracked.keepFormer(former.values());
            former.clear();
        }
        return deviations;
    }

    /** Returns what watches the fds in use, and what watched the vacant ones before they were closed. */
    private List<EpollSets.Watch> watches(Collection<Integer> restored) throws IOException {
        List<EpollSets.Watch> watches = new ArrayList<>();
        for (EpollSets.Watch watch : tracked.releasedWatches()) {
            if (reserved.containsKey(watch.number()) && EpollSets.isEpoll(watch.epoll())) {
                watches.add(watch);
            }
        }
        if (!former.isEmpty()) {
            BitSet pipes = new BitSet();
            restored.forEach(pipes::set);
            former.keySet().forEach(pipes::set);
            former.values().forEach(duplicate -> pipes.set(duplicate.number()));
            if (watching != null) {
                pipes.set(watching.number());
            }
            watches.addAll(tracked.watches(former.keySet(), pipes));
        }
        return watches;
    }

    /** Adds the fds to epoll sets: such a set watches the open file description that the fd had when it was added. */
    private static List<String> watch(List<EpollSets.Watch> watches) {
        List<String> deviations = new ArrayList<>();
        for (EpollSets.Watch watch : watches) {
            try {
                EpollCalls.add(watch.epoll(), watch.number(), watch.events(), watch.data());
            } catch (ErrnoException e) {
                deviations.add("descriptor " + watch.number() + " is watched by no selector any more: " + Reasons.of(e));
            }
        }
        return deviations;
    }

    /** Frees the fds that were reserved and not filled, and closes the duplicates. */
    @Override
    public void close() {
        Fd.closeAll(reserved.values());
        Fd.closeAll(former.values());
        placeholder.close();
        if (watching != null) {
            watching.close();
        }
    }
}
