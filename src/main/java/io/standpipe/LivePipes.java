// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.pipes.LivePipeScan;
import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.proc.TargetCheck;
import io.standpipe.internal.proc.ThreadTables;
import io.standpipe.internal.proc.TraceRefusal;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pipes and FIFOs that other processes hold or wait to open, among the processes that this one may look at, and what these
 * processes do. No end is opened, no byte is consumed, and no file system is asked, but for the path that a process waits to open.
 *
 * @since 0.1
 */
public final class LivePipes {

    private final List<LivePipe> pipes;
    private final List<LiveProcess> unseen;
    private final List<String> hidden;

    /**
     * A process that this one may not look at; it may hold ends too.
     *
     * @param reason which right is missing, and what helps
     */
    public record Unseen(LiveProcess process, String reason) {}

    private LivePipes(LivePipeScan scan) {
        pipes = scan.pipes();
        unseen = scan.unseen();
        hidden = scan.hidden();
    }

    /**
     * Finds the pipes of all processes but this one.
     *
     * @throws StandpipeException if a process cannot be looked at for another reason than permission
     */
    public static LivePipes find() throws StandpipeException {
        return new LivePipes(LivePipeScan.ofOtherProcesses());
    }

    /**
     * Finds the pipes that at least one of some processes holds or waits to open, each with all its holders: what {@link #find()} with
     * {@link #of(long...)} returns, without the pauses in which the readers of other full pipes are watched.
     *
     * @throws StandpipeException if there is no such process, or a process cannot be looked at for another reason than permission
     * @throws UnavailableException if this process may not look at one of them
     */
    public static LivePipes ofProcesses(long... pids) throws StandpipeException {
        Set<Long> named = named(pids);
        LivePipes found = new LivePipes(LivePipeScan.ofOtherProcesses(pid -> named.contains((long) pid)));
        requireSeen(named);
        return found;
    }

    /**
     * Finds the pipes that at least one of some processes holds or waits to open, as {@link #ofProcesses(long...)} does.
     *
     * @throws StandpipeException if one of them has ended, or cannot be looked at for another reason than permission
     * @throws UnavailableException if this process may not look at one of them
     */
    public static LivePipes ofProcesses(ProcessHandle... processes) throws StandpipeException {
        return ofProcesses(pids(processes));
    }

    /**
     * Finds the pipes that at least one of some processes that were started here holds or waits to open, as
     * {@link #ofProcesses(long...)} does.
     *
     * @throws StandpipeException if one of them has ended, or cannot be looked at for another reason than permission
     * @throws UnavailableException if this process may not look at one of them
     */
    public static LivePipes ofProcesses(Process... processes) throws StandpipeException {
        return ofProcesses(pids(processes));
    }

    /**
     * Finds the pipes of this process, the JVM's own among them. Each has this process as its only holder: no other process is
     * looked at, nor need that be allowed, and what this process does is left unknown.
     *
     * @throws StandpipeException if this process's fds cannot be listed
     */
    public static List<LivePipe> ofThisProcess() throws StandpipeException {
        return LivePipeScan.ofThisProcess().pipes();
    }

    /** Returns all pipes that were found. */
    public List<LivePipe> all() {
        return pipes;
    }

    /**
     * Returns the pipes that at least one of some processes holds or waits to open, each with all its holders.
     *
     * @throws StandpipeException if there is no such process
     * @throws UnavailableException if this process may not look at one of them
     */
    public List<LivePipe> of(long... processes) throws StandpipeException {
        Set<Long> pids = named(processes);
        requireSeen(pids);
        return pipes.stream()
                .filter(pipe -> pipe.holders().stream().anyMatch(holder -> pids.contains(holder.pid()))
                        || pipe.openers().stream().anyMatch(opener -> pids.contains(opener.process().pid())))
                .toList();
    }

    /** Refuses processes that are not there, or may not be looked at. */
    private static void requireSeen(Set<Long> pids) throws StandpipeException {
        for (long each : pids) {
            int pid = TargetCheck.pid(each);
            TargetCheck.check(pid);
            try {
                FdTable.fds(ThreadTables.of(pid).get(0));
            } catch (AccessDeniedException e) {
                throw new UnavailableException(
                        "process " + pid + ": its descriptors may not be looked at" + TraceRefusal.explain(pid), e);
            } catch (IOException e) {
                throw new ProcessEndedException(pid, "it has ended", e);
            }
        }
    }

    /**
     * Returns the pipes that at least one of some processes holds or waits to open, as {@link #of(long...)} does.
     *
     * @throws StandpipeException if one of them has ended
     * @throws UnavailableException if this process may not look at one of them
     */
    public List<LivePipe> of(ProcessHandle... processes) throws StandpipeException {
        return of(pids(processes));
    }

    /**
     * Returns the pipes that at least one of some processes that were started here holds or waits to open, as {@link #of(long...)} does.
     *
     * @throws StandpipeException if one of them has ended
     * @throws UnavailableException if this process may not look at one of them
     */
    public List<LivePipe> of(Process... processes) throws StandpipeException {
        return of(pids(processes));
    }

    private static long[] pids(ProcessHandle... processes) {
        return Arrays.stream(processes).mapToLong(ProcessHandle::pid).toArray();
    }

    private static long[] pids(Process... processes) {
        return Arrays.stream(processes).mapToLong(Process::pid).toArray();
    }

    /** Checks the pids, too, before anything is done. */
    private static Set<Long> named(long... pids) {
        return Arrays.stream(pids).mapToObj(pid -> (long) TargetCheck.pid(pid)).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns the processes that this one may not look at, each with the right that is missing. */
    public List<Unseen> unseen() {
        return unseen.stream()
                .map(process -> new Unseen(process, TraceRefusal.explain((int) process.pid()).replaceFirst("^; ", "")))
                .toList();
    }

    /** Returns, in words, which processes /proc does not even show to this one, as with its mount option hidepid; none if it shows all. */
    public List<String> hidden() {
        return hidden;
    }
}
