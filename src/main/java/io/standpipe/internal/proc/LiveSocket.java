// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.LiveActivity;
import io.standpipe.LiveActivity.Kind;
import io.standpipe.LiveProcess;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection of two Unix sockets. Some programs, node among them, give their children the ends of socket pairs where others
 * give pipes, and a child gets stuck there as it does at a pipe.
 *
 * @param pair whether neither end has a name, as {@code socketpair} makes them
 * @param ends first the end that was asked for, then the other one, unless that is closed or unknown
 * @param unknown why the other end is unknown, for people; null if it is known, or known to be closed
 */
public record LiveSocket(boolean pair, List<End> ends, @Nullable String unknown) {

    public LiveSocket {
        ends = List.copyOf(ends);
    }

    /**
     * One of the two sockets.
     *
     * @param ino st_ino, as in the link {@code socket:[INO]} of an fd
     * @param queuedBytes how many bytes wait to be read at this end, from the other one; -1 if that is unknown
     * @param full whether poll reports no room at this end: too much is on the way to the other one
     * @param holders by pid and fd, ascending; none if the process that has this end is out of sight, or the end is in flight
     */
    public record End(long ino, int queuedBytes, boolean full, List<Holder> holders) {

        public End {
            holders = List.copyOf(holders);
        }

        /** Returns whether a holder waits until there is room. */
        public boolean isBlocked() {
            return holders.stream().anyMatch(holder -> holder.activity().kind() == Kind.WAITS_FOR_ROOM);
        }

        /** Returns whether there are holders, and all are stopped, traced or frozen. */
        public boolean isHalted() {
            return !holders.isEmpty() && holders.stream().allMatch(holder -> holder.activity().isHalted());
        }
    }

    /**
     * An fd of a socket in a process.
     *
     * @param thread by whose id /proc shows the fd: the pid, unless the leading thread has ended or another has an fd table of its own
     * @param flags access mode and status flags, as F_GETFL returns them
     * @param activity what the process does, as seen from this socket
     */
    public record Holder(LiveProcess process, long thread, int fd, int flags, LiveActivity activity) {

        /** Returns the process's pid. */
        public long pid() {
            return process.pid();
        }
    }

    /** Returns whether the other end was closed: what is queued can be read, then a read ends; a write fails with SIGPIPE. */
    public boolean isPeerClosed() {
        return ends.size() == 1 && unknown == null;
    }

    /**
     * Returns whether a holder waits for room while nobody who runs, as far as that can be seen, reads at the other end; or whether
     * bytes wait for processes that are all stopped, traced or frozen.
     */
    public boolean isStuck() {
        return ends.stream().anyMatch(end -> end.isBlocked() && !doesRun(otherThan(end)))
                || ends.stream().anyMatch(end -> end.queuedBytes > 0 && end.isHalted());
    }

    private static boolean doesRun(@Nullable End end) {
        return end != null && end.holders.stream().anyMatch(holder -> holder.activity().kind() == Kind.RUNS);
    }

    /** Returns the other end; null if it is closed or unknown. */
    public @Nullable End otherThan(End end) {
        return ends.stream().filter(other -> other.ino != end.ino).findFirst().orElse(null);
    }
}
