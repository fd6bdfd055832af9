// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.EpollSets;
import io.standpipe.internal.proc.OwnThreads;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.EpollCalls;
import io.standpipe.internal.sys.Failures;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;



import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Closes numbers that are to be filled again; looks at all that speaks against it first. */
public final class FdRelease {

    private final TrackedFds places;
    private final boolean cuttingOff;

    public FdRelease(TrackedFds places, boolean cuttingOff) {
        this.places = places;
        this.cuttingOff = cuttingOff;
    }

    public void vacate() throws StandpipeException {
        Set<Integer> numbers = places.inodes().keySet();
        try {
            checkTheyAreThere(numbers);
            checkNobodyIsBlocked(numbers);
            if (!cuttingOff) {
                checkNobodyIsCutOff();
            }
            BitSet pipes = new BitSet();
            numbers.forEach(pipes::set);
            List<EpollSets.Watch> watches = EpollSets.watches(pipes).stream()
                    .filter(watch -> numbers.contains(watch.number())
                            && places.inode(watch.number()).ino() == watch.ino())
                    .toList();
            unwatch(watches);
            for (int number : numbers) {
                Fd.owning(number).close();
            }
            places.closeLeft();
            places.setVacant(watches);
        } catch (StandpipeException e) {
            throw e;
        } catch (ErrnoException e) {
            throw Failures.of("a pipe of this process", e);
        } catch (IOException e) {
            throw new StandpipeException("cannot look at this process's descriptors: " + e, e);
        }
    }

    /** All, or none if that fails. */
    private static void unwatch(List<EpollSets.Watch> watches) throws ErrnoException {
        try {
            for (EpollSets.Watch watch : watches) {
                EpollCalls.removeFromEpoll(watch.epoll(), watch.number());
            }
        } catch (ErrnoException e) {
            for (EpollSets.Watch watch : watches) {
                EpollCalls.addToEpoll(watch.epoll(), watch.number(), watch.events(), watch.data());
            }
            throw e;
        }
    }

    private void checkTheyAreThere(Set<Integer> numbers) throws StandpipeException, ErrnoException {
        for (int number : numbers) {
            if (FdOccupant.of(number, places) != FdOccupant.OURS) {
                throw new StandpipeException("descriptor " + number + ": it is not the pipe any more that was saved, but "
                        + FdOccupant.describe(number));
            }
        }
    }

    /** A thread that waits in a pipe would see the end when the other end is closed. */
    private static void checkNobodyIsBlocked(Set<Integer> numbers) throws IOException {
        List<Integer> blocked = OwnThreads.blockedOn(numbers);
        if (!blocked.isEmpty()) {
            throw new StandpipeException("thread " + blocked.get(0) + " (" + OwnThreads.name(blocked.get(0))
                    + ") waits in a pipe that is to be closed, one of the descriptors " + numbers
                    + ": have it stop reading or writing first");
        }
    }

    private void checkNobodyIsCutOff() throws StandpipeException {
        Map<PipeId, List<Integer>> pipes = new HashMap<>();
        places.inodes().forEach(
                (number, inode) -> pipes.computeIfAbsent(inode, none -> new ArrayList<>(2)).add(number));
        ExternalHolders others = ExternalHolders.of(pipes);
        for (Map.Entry<PipeId, List<Integer>> pipe : pipes.entrySet()) {
            if (others.of(pipe.getKey()) != null) {
                throw new StandpipeException("pipe " + Long.toUnsignedString(pipe.getKey().ino()) + ", descriptors "
                        + pipe.getValue() + ": " + others.of(pipe.getKey())
                        + ", which would be cut off: name it too, leave the pipe out, or choose cuttingOffOthers()");
            }
        }
    }
}
