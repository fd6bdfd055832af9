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
import java.util.Collection;
import java.util.List;

/**
 * The pipes and FIFOs that other processes hold or wait to open, among the processes that this one may look at, and what these
 * processes do. No end is opened, no byte is consumed, and no file system is asked, but for the path that a process waits to open.
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
     * {@link #of(Collection)} returns, without the pauses in which the readers of other full pipes are watched.
     *
     * @throws StandpipeException if there is no such process, or a process cannot be looked at for another reason than permission
     * @throws UnavailableException if this process may not look at one of them
     */
    public static LivePipes ofProcesses(Collection<Integer> pids) throws StandpipeException {
        LivePipes found = new LivePipes(LivePipeScan.ofOtherProcesses(pids::contains));
        requireSeen(pids);
        return found;
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
    public List<LivePipe> of(Collection<Integer> pids) throws StandpipeException {
        requireSeen(pids);
        return pipes.stream()
                .filter(pipe -> pipe.holders().stream().anyMatch(holder -> pids.contains(holder.pid()))
                        || pipe.openers().stream().anyMatch(opener -> pids.contains(opener.process().pid())))
                .toList();
    }

    /** Refuses processes that are not there, or may not be looked at. */
    private static void requireSeen(Collection<Integer> pids) throws StandpipeException {
        for (int pid : pids) {
            TargetCheck.check(TargetCheck.pid(pid));
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

    /** Returns the pipes that at least one of some processes holds, as {@link #of(Collection)} does. */
    public List<LivePipe> of(ProcessHandle... processes) throws StandpipeException {
        return of(Arrays.stream(processes).map(process -> Math.toIntExact(process.pid())).toList());
    }

    /** Returns the pipes that at least one of some processes holds that were started here. */
    public List<LivePipe> of(Process... processes) throws StandpipeException {
        return of(Arrays.stream(processes).map(process -> Math.toIntExact(process.pid())).toList());
    }

    /** Returns the processes that this one may not look at, each with the right that is missing. */
    public List<Unseen> unseen() {
        return unseen.stream()
                .map(process -> new Unseen(process, TraceRefusal.explain(process.pid()).replaceFirst("^; ", "")))
                .toList();
    }

    /** Returns, in words, which processes /proc does not even show to this one, as with its mount option hidepid; none if it shows all. */
    public List<String> hidden() {
        return hidden;
    }
}
