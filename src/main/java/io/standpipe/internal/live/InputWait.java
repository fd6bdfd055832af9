// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.Freeze;
import io.standpipe.LiveActivity;
import io.standpipe.StandpipeException;
import io.standpipe.internal.freeze.Freezer;
import io.standpipe.internal.proc.ProcessActivity;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.proc.TransferCounts;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds a moment at which a process waits for input, for a signal. A program that handles what it reads before it reads more has
 * nothing left to lose then. At any other moment, what it has read and not handled is lost if the signal ends it. One that is never
 * done, since there is always more to read, gets no more for a while: the writers are frozen until it has handled what there is.
 */
final class InputWait {

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** A freeze ends a few calls early, such as epoll_wait: it is not tried without end. */
    private static final int MOST_FREEZES = 10;
    private static final int SHARE_OF_FIRST_TRY = 5;

    private final OldProcess process;
    private final SwapOptions.Ending ending;
    private long writersFrozenNanos;

    InputWait(OldProcess process, SwapOptions.Ending ending) {
        this.process = process;
        this.ending = ending;
    }

    /**
     * Sends the signal while the process waits for bytes of one of the ends, and is frozen, so that it cannot read more before it gets
     * the signal.
     *
     * @return false if there was no such moment, or something cannot be frozen: then nothing was sent
     */
    boolean signal() throws StandpipeException {
        Duration first = ending.patience().dividedBy(SHARE_OF_FIRST_TRY);
        if (first.isZero()) {
            return false;
        }
        long read = readBytes();
        // One that takes nothing meanwhile is stuck, and would be without its writers.
        return signalWithin(first) || readBytes() != read && signalWithoutWriters(ending.patience().minus(first));
    }

    /** Returns for how long the writers were frozen, to be part of a sentence; nothing if they were not. */
    String howWritersFared() {
        return writersFrozenNanos == 0
                ? "" : " (its writers were frozen for " + TimeUnit.NANOSECONDS.toMillis(writersFrozenNanos) + " ms)";
    }

    /** Returns 0 if it cannot be seen. */
    private long readBytes() {
        try {
            return TransferCounts.of(process.ends().pid()).readBytes();
        } catch (IOException e) {
            notPossible(e);
            return 0;
        }
    }

    private boolean signalWithoutWriters(Duration patience) throws StandpipeException {
        Set<Integer> writers = OtherHolders.writers(List.of(process.ends()));
        if (writers.isEmpty()) {
            return signalWithin(patience);
        }
        try (Freezer freezer = new Freezer(Freeze.PTRACE)) {
            freezer.prepare(writers);
            freezer.hold();
            long begin = System.nanoTime();
            try {
                return signalWithin(patience);
            } finally {
                freezer.thaw();
                writersFrozenNanos = System.nanoTime() - begin;
            }
        } catch (IOException e) {
            notPossible(e);
            return false;
        }
    }

    private boolean signalWithin(Duration patience) throws StandpipeException {
        long begin = System.nanoTime();
        int freezes = 0;
        try {
            while (freezes < MOST_FREEZES && !process.hasEnded()) {
                long read = TransferCounts.of(process.ends().pid()).readBytes();
                if (waits(process.ends())) {
                    freezes++;
                    if (signalIfNothingWasRead(read)) {
                        return true;
                    }
                }
                if (System.nanoTime() - begin > patience.toNanos()) {
                    return false;
                }
                LockSupport.parkNanos(STEP_NANOS);
            }
        } catch (IOException e) {
            notPossible(e);
        }
        return false;
    }

    private static void notPossible(IOException e) {
        System.getLogger(InputWait.class.getName()).log(System.Logger.Level.DEBUG, "cannot be watched or frozen", e);
    }

    private static boolean waits(HeldEnds ends) throws IOException {
        ProcessActivity activity = ProcessActivity.of(ProcessStatus.of(ends.pid()));
        for (HeldEnd end : ends.ends()) {
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
        int pid = process.ends().pid();
        try (Freezer freezer = new Freezer(Freeze.PTRACE)) {
            if (freezer.prepare(List.of(pid)).isEmpty()) {
                return false;
            }
            freezer.hold();
            if (TransferCounts.of(pid).readBytes() != read) {
                return false;
            }
            process.signal(ending.signal());
            return true;
        }
    }
}
