// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.proc.LiveSocketScan;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The connected Unix sockets that other processes hold, among the processes that this one may look at: those by which they may be
 * joined in place of pipes. Nothing is opened, and no byte is consumed.
 */
public final class LiveSockets {

    private LiveSockets() {}

    /**
     * Finds the sockets of some processes that are standard streams, or in which bytes are queued, or at which a thread waits.
     *
     * @return by process and fd, in the order of {@code pids}; each connection once
     * @throws StandpipeException if there is no such process
     * @throws UnavailableException if this process may not look at one of them
     */
    public static List<LiveSocket> of(Collection<Integer> pids) throws StandpipeException {
        return LiveSocketScan.of(pids);
    }

    /** Finds the sockets of some processes, as {@link #of(Collection)} does. */
    public static List<LiveSocket> of(ProcessHandle... processes) throws StandpipeException {
        return of(Arrays.stream(processes).map(process -> Math.toIntExact(process.pid())).toList());
    }

    /** Finds the sockets of some processes that were started here. */
    public static List<LiveSocket> of(Process... processes) throws StandpipeException {
        return of(Arrays.stream(processes).map(process -> Math.toIntExact(process.pid())).toList());
    }

    /** Finds the sockets of all processes but this one in which bytes are queued, first the end at which they are to be read. */
    public static List<LiveSocket> withQueuedBytes() throws StandpipeException {
        return LiveSocketScan.withQueuedBytes();
    }
}
