// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.StandpipeException;
import io.standpipe.internal.jdk.JavaPipeObjects;
import io.standpipe.internal.jdk.VacatedObjects;
import io.standpipe.internal.proc.BlockedCalls;
import io.standpipe.internal.proc.EpollSets;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.EpollCalls;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Closes tracked fds, which a restore in place is to fill again. */
public final class FdRelease {

    private FdRelease() {}

    /**
     * Closes the fds, after all checks.
     *
     * @param named the objects that stand for them
     * @param cuttingOff whether external holders may be cut off from the pipes
     * @throws StandpipeException if an fd has something else, a thread waits in a pipe, or an external holder would be cut
     *     off; then nothing is closed
     */
    public static void release(TrackedFds tracked, JavaPipeObjects named, boolean cuttingOff, WaitLimit limit) throws StandpipeException {
        try {
            checkOpen(tracked);
            checkNobodyIsBlocked(tracked.fds());
            if (!cuttingOff) {
                checkNobodyIsCutOff(tracked, limit);
            }
            BitSet pipes = new BitSet();
            tracked.fds().forEach(pipes::set);
            List<EpollSets.Watch> watches = tracked.watches(tracked.fds(), pipes);
            unwatch(watches);
            VacatedObjects objects = VacatedObjects.of(named, tracked.fds());
            for (int fd : tracked.fds()) {
                Fd.owning(fd).close();
            }
            tracked.closeFormer();
            tracked.setReleased(watches, objects);
        } catch (StandpipeException e) {
            throw e;
        } catch (ErrnoException e) {
            throw Failures.of("a pipe of this process", e);
        } catch (IOException e) {
            throw Failures.of("cannot look at this process's descriptors", e);
        }
    }

    /** Takes the fds out of the epoll sets: all, or none if one cannot be taken out. */
    private static void unwatch(List<EpollSets.Watch> watches) throws ErrnoException {
        try {
            for (EpollSets.Watch watch : watches) {
                EpollCalls.remove(watch.epoll(), watch.number());
            }
        } catch (ErrnoException e) {
            for (EpollSets.Watch watch : watches) {
                EpollCalls.add(watch.epoll(), watch.number(), watch.events(), watch.data());
            }
            throw e;
        }
    }

    private static void checkOpen(TrackedFds tracked) throws StandpipeException, ErrnoException {
        for (int fd : tracked.fds()) {
            if (!tracked.hasPipe(fd)) {
                throw new StandpipeException("descriptor " + fd + ": it is not the pipe any more that was saved, but "
                        + TrackedFds.describe(fd));
            }
        }
    }

    /** A thread that waits in a pipe would see the end of the data when the other end is closed. */
    private static void checkNobodyIsBlocked(Set<Integer> fds) throws IOException {
        for (Map.Entry<Integer, String> blocked : BlockedCalls.ownThreadsBlockedOn(fds).entrySet()) {
            throw new StandpipeException("thread " + blocked.getKey() + " (" + BlockedCalls.ownThreadName(blocked.getKey())
                    + ") waits in a pipe that is to be closed, in " + blocked.getValue() + " on one of the descriptors " + fds
                    + ": have it stop reading or writing first");
        }
    }

    private static void checkNobodyIsCutOff(TrackedFds tracked, WaitLimit limit) throws StandpipeException {
        Map<PipeId, List<Integer>> fdsByPipe = tracked.fdsByPipe();
        Map<PipeId, String> holders = ExternalHolders.find(fdsByPipe, limit);
        if (!holders.isEmpty()) {
            PipeId pipe = holders.keySet().iterator().next();
            throw new StandpipeException("pipe " + Long.toUnsignedString(pipe.ino()) + ", descriptors "
                    + fdsByPipe.get(pipe) + ": " + holders.get(pipe)
                    + ", which would be cut off: name it too, leave the pipe out, or choose cuttingOffOthers()");
        }
    }
}
