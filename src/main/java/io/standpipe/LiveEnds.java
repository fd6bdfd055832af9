// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.checkpoint.Selection;
import io.standpipe.internal.live.HeldEnds;
import io.standpipe.internal.live.Holder;
import io.standpipe.internal.live.SwapOptions.Handed;
import io.standpipe.internal.proc.TargetCheck;
import io.standpipe.pipe.Fd;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ends of live pipes that another process has, held open by this one too. Until they are closed here, nobody at the other ends
 * sees an end of file or gets SIGPIPE, whatever becomes of that process. Nothing is read or written.
 *
 * <pre>{@code
 * try (LiveEnds ends = LiveEnds.ofProcess(4711)) {
 *     ProcessHandle holder = ends.hold(Duration.ofMinutes(10));        // goes on when this JVM ends; destroy() ends it
 * }
 * }</pre>
 *
 * {@link Swap} puts a command in the place of the process, or of the holder. Safe for use by several threads.
 *
 * @since 0.1
 */
public final class LiveEnds implements AutoCloseable {

    /** So that a number of seconds stays one of those that the holder and a date can have. */
    private static final Duration LONGEST = Duration.ofDays(10_000);

    private final HeldEnds ends;

    private LiveEnds(HeldEnds ends) {
        this.ends = ends;
    }

    /**
     * Takes hold of all pipes and FIFOs of a process. Needs the right to ptrace it.
     *
     * @throws UnavailableException if its descriptors may not be duplicated
     * @throws StandpipeException if there is no such process, or it has no pipe
     */
    public static LiveEnds ofProcess(long pid) throws StandpipeException {
        return new LiveEnds(HeldEnds.of(TargetCheck.pid(pid), new Handed(Selection.ALL, false, Set.of(), false)));
    }

    /**
     * Takes hold of all pipes and FIFOs of a process.
     *
     * @throws UnavailableException if its descriptors may not be duplicated
     * @throws StandpipeException if there is no such process, or it has no pipe
     */
    public static LiveEnds ofProcess(ProcessHandle process) throws StandpipeException {
        return ofProcess(process.pid());
    }

    /**
     * Takes hold of pipes and FIFOs of a process, named by their descriptors' numbers there.
     *
     * @throws UnavailableException if its descriptors may not be duplicated
     * @throws StandpipeException if there is no such process, or one of the descriptors is no pipe
     */
    public static LiveEnds ofProcess(long pid, int... descriptors) throws StandpipeException {
        int[] sorted = TargetCheck.fds(descriptors);
        return new LiveEnds(
                HeldEnds.of(TargetCheck.pid(pid), new Handed(Selection.ALL.naming(TargetCheck.pid(pid), sorted), false, Set.of(), false)));
    }

    /**
     * Takes hold of pipes and FIFOs of a process, named by their descriptors' numbers there.
     *
     * @throws UnavailableException if its descriptors may not be duplicated
     * @throws StandpipeException if there is no such process, or one of the descriptors is no pipe
     */
    public static LiveEnds ofProcess(ProcessHandle process, int... descriptors) throws StandpipeException {
        return ofProcess(process.pid(), descriptors);
    }

    /**
     * Takes hold of all pipes and FIFOs of a process that was started here.
     *
     * @throws UnavailableException if its descriptors may not be duplicated
     * @throws StandpipeException if there is no such process, or it has no pipe
     */
    public static LiveEnds ofProcess(Process process) throws StandpipeException {
        return ofProcess(process.pid());
    }

    /**
     * Takes hold of pipes and FIFOs of a process that was started here, named by their descriptors' numbers there.
     *
     * @throws UnavailableException if its descriptors may not be duplicated
     * @throws StandpipeException if there is no such process, or one of the descriptors is no pipe
     */
    public static LiveEnds ofProcess(Process process, int... descriptors) throws StandpipeException {
        return ofProcess(process.pid(), descriptors);
    }

    /** Returns the numbers that the descriptors have in the process, ascending. */
    public Set<Integer> numbers() {
        return new TreeSet<>(ends.placement().keySet());
    }

    /**
     * Returns a descriptor of this process: the same open file description as one of the other process. A read or a write here is
     * one there. This object owns it.
     *
     * @throws IllegalArgumentException if that descriptor is not held
     */
    public Fd descriptor(int number) {
        return ends.duplicate(number);
    }

    /**
     * Starts a small process without a JVM, {@code standpipe-hold}, that holds the ends at their old numbers. It goes on when this
     * object is closed or this JVM ends, and is no child of this process.
     *
     * @param time after which it ends by itself; rounded down to seconds, at least one
     * @return its handle; {@link ProcessHandle#destroy} ends it
     * @throws IllegalArgumentException if the time is negative
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise
     */
    public ProcessHandle hold(Duration time) throws StandpipeException {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time is " + time + ", expected zero or more");
        }
        try (Holder holder = Holder.start(ends, time.compareTo(LONGEST) < 0 ? time : LONGEST)) {
            holder.stay();
            return ProcessHandle.of(holder.pid()).orElseThrow(
                    () -> new StandpipeException("process " + holder.pid() + ", which is to hold the ends, has ended at once"));
        }
    }

    /** Closes the duplicates. The other process's own descriptors stay open. */
    @Override
    public void close() {
        ends.close();
    }
}
