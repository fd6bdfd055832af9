// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.Freeze;
import io.standpipe.LiveActivity;
import io.standpipe.StandpipeException;
import io.standpipe.internal.freeze.Freezer;
import io.standpipe.internal.proc.ProcessActivity;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.proc.TransferCounts;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds a moment at which a process waits for input, for a signal. A program that handles what it reads before it reads more has
 * nothing left to lose then. At any other moment, what it has read and not handled is lost if the signal ends it.
 *
 * <p>One that waits may still have the beginning of a line, whose rest has not been written: so it must have waited for a while. Where
 * bytes come all the time, the writers are frozen when the last byte in the pipe ends a line, until the process has taken all. If
 * there is no such moment, one in the middle of a line is better than none.
 */
final class InputWait {

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** A writer seldom takes longer between two parts of a line. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** One that takes nothing for so long, and does not wait for it, does something else. */
    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    /** A freeze ends a few calls early, such as epoll_wait: it is not tried without end. */
    private static final int MOST_FREEZES = 10;
    private static final int MOST_FREEZES_OF_WRITERS = 100;

    /** How it went. */
    enum Found {
        /** It had waited for a while. */
        QUIET,
        /** It waited, and what it had read ended with a line. */
        BETWEEN_LINES,
        /** It waited, and may have had the beginning of a line. */
        ANYWHERE,
        /** It was not seen waiting, or cannot be frozen: nothing was sent. */
        NOTHING
    }

    private final Place place;
    private final OldProcess process;
    private final SwapOptions.Ending ending;
    private long deadlineNanos;
    private long writersFrozenNanos;
    private boolean writersCanBeFrozen = true;

    InputWait(Place place, SwapOptions.Ending ending) {
        this.place = place;
        process = place.old();
        this.ending = ending;
    }

    /**
     * Sends the signal while the process waits for bytes of one of the ends, and is frozen, so that it cannot read more before it gets
     * the signal.
     */
    Found signal() throws StandpipeException {
        if (ending.patience().isZero()) {
            return Found.NOTHING;
        }
        try {
            return find();
        } catch (IOException e) {
            System.getLogger(InputWait.class.getName()).log(System.Logger.Level.DEBUG, "cannot be watched or frozen", e);
            return Found.NOTHING;
        }
    }

    /** Returns for how long the writers were frozen, to be part of a sentence; nothing if they were not. */
    String howWritersFared() {
        return writersFrozenNanos == 0
                ? "" : " (its writers were frozen for " + TimeUnit.NANOSECONDS.toMillis(writersFrozenNanos) + " ms in all)";
    }

    private Found find() throws IOException {
        long begin = System.nanoTime();
        deadlineNanos = begin + ending.patience().toNanos();
        long quietSince = begin;
        long read = readBytes();
        boolean moves = false;
        int freezesOfWriters = 0;
        while (System.nanoTime() - deadlineNanos < 0 && !process.hasEnded()) {
            LockSupport.parkNanos(STEP_NANOS);
            long now = readBytes();
            if (now != read) {
                read = now;
                quietSince = System.nanoTime();
                moves = true;
                if (freezesOfWriters++ < MOST_FREEZES_OF_WRITERS && signalWithoutWriters(true)) {
                    return Found.BETWEEN_LINES;
                }
            }
            long quietNanos = System.nanoTime() - quietSince;
            if (quietNanos >= QUIET_NANOS && waits() && signalIfNothingWasRead(read)) {
                return Found.QUIET;
            }
            if (quietNanos >= STUCK_NANOS) {
                break;
            }
        }
        deadlineNanos = System.nanoTime() + ending.patience().toNanos() / 2;
        boolean found = moves && !process.hasEnded() && (signalWithoutWriters(false) || signalWhileItWaits());
        return found ? Found.ANYWHERE : Found.NOTHING;
    }

    private long readBytes() throws IOException {
        return TransferCounts.of(process.ends().pid()).readBytes();
    }

    /** @param betweenLines whether the last byte that is queued must end a line */
    private boolean signalWithoutWriters(boolean betweenLines) throws IOException {
        Set<Integer> writers = writersCanBeFrozen ? OtherHolders.writers(List.of(process.ends())) : Set.of();
        if (writers.isEmpty()) {
            return !betweenLines && signalWhileItWaits();
        }
        try (Freezer freezer = new Freezer(Freeze.PTRACE, WaitLimit.NONE)) {
            freezer.prepare(writers);
            long begin = System.nanoTime();
            try {
                return (betweenLines ? holdWhereALineEnds(freezer) : hold(freezer)) && signalWhileItWaits();
            } finally {
                freezer.thaw();
                writersFrozenNanos += System.nanoTime() - begin;
            }
        } catch (StandpipeException e) {
            // They may be another user's. What it reads may come to a pause all the same.
            System.getLogger(InputWait.class.getName()).log(System.Logger.Level.DEBUG, "writers that cannot be frozen", e);
            writersCanBeFrozen = false;
            return false;
        }
    }

    private static boolean hold(Freezer freezer) throws StandpipeException {
        freezer.hold();
        return true;
    }

    /** An empty pipe shows no last byte: the process is frozen for the instant in which its writers fill it and are frozen too. */
    private boolean holdWhereALineEnds(Freezer writers) throws IOException {
        try (Freezer reader = new Freezer(Freeze.PTRACE, WaitLimit.NONE)) {
            reader.prepare(List.of(process.ends().pid()));
            reader.hold();
            LockSupport.parkNanos(STEP_NANOS);
            writers.hold();
            return endsWithALine();
        }
    }

    private boolean endsWithALine() throws IOException {
        boolean any = false;
        for (HeldEnd end : process.ends().ends()) {
            int last = end.isReadEnd() ? PipeTail.lastByte(end.duplicate().number()) : PipeTail.NONE;
            if (last != PipeTail.NONE && last != '\n') {
                return false;
            }
            any |= last == '\n';
        }
        return any;
    }

    private boolean signalWhileItWaits() throws IOException {
        int freezes = 0;
        while (freezes < MOST_FREEZES && System.nanoTime() - deadlineNanos < 0 && !process.hasEnded()) {
            long read = readBytes();
            if (waits()) {
                freezes++;
                if (signalIfNothingWasRead(read)) {
                    return true;
                }
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return false;
    }

    private boolean waits() throws IOException {
        ProcessActivity activity = ProcessActivity.of(ProcessStatus.of(process.ends().pid()));
        for (HeldEnd end : process.ends().ends()) {
            if (end.isReadEnd() && activity.at(asSeen(end)).kind() == LiveActivity.Kind.WAITS_FOR_BYTES) {
                return true;
            }
        }
        return false;
    }

    private static ProcessActivity.End asSeen(HeldEnd end) throws IOException {
        return new ProcessActivity.End(end.fd(), end.flags(), Pipes.queuedBytes(end.duplicate().number()), false);
    }

    private boolean signalIfNothingWasRead(long read) throws IOException {
        try (Freezer freezer = new Freezer(Freeze.PTRACE, WaitLimit.NONE)) {
            if (freezer.prepare(List.of(process.ends().pid())).isEmpty()) {
                return false;
            }
            freezer.hold();
            if (readBytes() != read) {
                return false;
            }
            place.ask(ending.signal());
            return true;
        }
    }
}
