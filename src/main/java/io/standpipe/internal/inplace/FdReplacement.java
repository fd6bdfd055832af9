// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.StandpipeException;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.proc.EpollSets;
import io.standpipe.internal.sys.EpollCalls;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
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

/**
 * Puts restored descriptors at their old numbers in this process: all, or none. Numbers that are free are reserved first, so
 * that nothing can take them while the pipes are made, and neither do the pipes' own first numbers; by a descriptor that names
 * a file and is no open one, for which every call fails as for a closed number. A number in use must have what it is
 * expected to have at the very moment of being replaced.
 */
public final class FdReplacement implements AutoCloseable {

    private final TrackedFds places;
    private final Map<Integer, Fd> reserved = new LinkedHashMap<>();
    /** The descriptions that were at numbers in use, which threads may still be in. */
    private final Map<Integer, Fd> former = new LinkedHashMap<>();
    private Fd reservation;
    /** Held so that there is a descriptor left to find waiting threads with, when it is too late to fail. */
    private Fd spare;

    private record Move(int number, int expected, int fd, boolean wasCloseOnExec) {}

    private FdReplacement(TrackedFds places) {
        this.places = places;
    }

    static FdReplacement reserve(List<Integer> vacant, List<Integer> inUse, TrackedFds places) throws StandpipeException {
        FdReplacement placing = new FdReplacement(places);
        boolean complete = false;
        try {
            placing.reserve(vacant);
            for (int number : inUse) {
                placing.former.put(number, FdCalls.duplicate(number));
            }
            if (!inUse.isEmpty()) {
                placing.spare = FdCalls.duplicate(inUse.get(0));
            }
            complete = true;
            return placing;
        } catch (ErrnoException e) {
            throw Failures.of("a restore in place", e);
        } finally {
            if (!complete) {
                placing.close();
            }
        }
    }

    private void reserve(List<Integer> vacant) throws StandpipeException, ErrnoException {
        if (vacant.isEmpty()) {
            return;
        }
        Fd first = FileCalls.open(FileCalls.CURRENT_FOLDER, "/", Flags.O_PATH | Flags.oDirectory(), 0);
        if (vacant.contains(first.number())) {
            reserved.put(first.number(), first);
        } else {
            reservation = first;
        }
        for (int number : vacant) {
            if (!reserved.containsKey(number)) {
                FdOccupant.awaitFree(number, () -> reserve(first, number));
            }
        }
        if (reservation == null) {
            reservation = FdCalls.duplicate(first.number());
        }
    }

    private boolean reserve(Fd description, int number) throws ErrnoException {
        Fd got = FdCalls.duplicateFrom(description.number(), number);
        if (got.number() != number) {
            got.close();
            return false;
        }
        reserved.put(number, got);
        return true;
    }

    /**
     * Moves the descriptors to their numbers, and whatever watches or waits there to them.
     *
     * @param from the number that each descriptor had, to the one it has now
     * @return what is not as it was
     */
    List<String> place(List<Image.Descriptor> descriptors, Map<Integer, Integer> from)
            throws StandpipeException, IOException {
        List<EpollSets.Watch> watches = watches(from.values());
        Deque<Move> done = new ArrayDeque<>();
        boolean complete = false;
        try {
            for (EpollSets.Watch watch : watches) {
                if (former.containsKey(watch.number())) {
                    EpollCalls.removeFromEpoll(watch.epoll(), watch.number());
                }
            }
            for (Image.Descriptor descriptor : descriptors) {
                done.push(move(descriptor, from.get(descriptor.number())));
            }
            complete = true;
        } finally {
            if (!complete) {
                undo(done);
                watch(watches, false);
            }
        }
        reserved.values().forEach(Fd::release);
        reserved.clear();
        List<String> deviations = watch(watches, true);
        if (!former.isEmpty()) {
            deviations.addAll(moveOn());
        }
        return deviations;
    }

    /** A former pipe in which a thread may still wait is left open until the next restore has it move on. */
    private List<String> moveOn() {
        spare.close();
        List<String> waiting = new BlockedThreads(former.keySet()).moveOn();
        if (waiting.isEmpty()) {
            places.closeLeft();
        } else {
            places.leave(former.values());
            former.clear();
        }
        return waiting;
    }

    private Move move(Image.Descriptor descriptor, int fd) throws StandpipeException, ErrnoException {
        int number = descriptor.number();
        Fd expected = former.getOrDefault(number, reservation);
        boolean closeOnExec = former.containsKey(number) && FdCalls.isCloseOnExec(number);
        if (!EpollCalls.replace(expected.number(), fd, number, descriptor.closeOnExec())) {
            throw FdOccupant.taken(number);
        }
        return new Move(number, expected.number(), fd, closeOnExec);
    }

    private void undo(Deque<Move> done) throws ErrnoException {
        for (Move move : done) {
            EpollCalls.replace(move.fd(), move.expected(), move.number(), move.wasCloseOnExec());
        }
    }

    /** What watches numbers that are in use, and what watched those that were vacated. */
    private List<EpollSets.Watch> watches(Collection<Integer> restored) throws IOException {
        List<EpollSets.Watch> watches = new ArrayList<>();
        for (EpollSets.Watch watch : places.watches()) {
            if (reserved.containsKey(watch.number()) && EpollSets.isEpoll(watch.epoll())) {
                watches.add(watch);
            }
        }
        if (!former.isEmpty()) {
            BitSet pipes = new BitSet();
            restored.forEach(pipes::set);
            former.keySet().forEach(pipes::set);
            former.values().forEach(copy -> pipes.set(copy.number()));
            EpollSets.watches(pipes).stream()
                    .filter(watch -> former.containsKey(watch.number())
                            && places.inode(watch.number()).ino() == watch.ino())
                    .forEach(watches::add);
        }
        return watches;
    }

    /** An epoll set knows a description, not a number: it is told of the one that is there now. */
    private List<String> watch(List<EpollSets.Watch> watches, boolean all) {
        List<String> deviations = new ArrayList<>();
        for (EpollSets.Watch watch : watches) {
            try {
                if (all || former.containsKey(watch.number())) {
                    EpollCalls.addToEpoll(watch.epoll(), watch.number(), watch.events(), watch.data());
                }
            } catch (ErrnoException e) {
                deviations.add("descriptor " + watch.number() + " is watched by no selector any more: " + e.getMessage());
            }
        }
        return deviations;
    }

    /** Frees the numbers that were not filled, and lets go what was at the others. */
    @Override
    public void close() {
        Fd.closeAll(reserved.values());
        Fd.closeAll(former.values());
        if (spare != null) {
            spare.close();
        }
        if (reservation != null) {
            reservation.close();
        }
    }
}
