// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.LiveActivity;
import io.standpipe.LivePipe;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A pipe that a scan has found, which is measured anew at each of its fds. */
final class FoundPipe {

    private static final int UNKNOWN = -1;

    private final PipeId id;
    private @Nullable String path;
    private int capacityBytes = UNKNOWN;
    private int queuedBytes = UNKNOWN;
    private boolean full;
    private boolean readerless;
    private boolean writerless;
    private boolean locked;
    private final List<LivePipe.Holder> holders = new ArrayList<>();
    private final List<LivePipe.Opener> openers = new ArrayList<>(0);

    FoundPipe(PipeId id) {
        this.id = id;
    }

    /**
     * Measures the pipe, and polls one end, which knows of the other one.
     *
     * @return the status flags of the fd
     */
    int measure(int fd, int capacity) throws ErrnoException {
        capacityBytes = capacity;
        queuedBytes = Pipes.queuedBytes(fd);
        int flags = FdCalls.statusFlags(fd);
        int accessMode = flags & Flags.O_ACCMODE;
        int events = PipeCalls.poll(fd, Flags.POLLOUT);
        // A read end always has POLLOUT: there, only as many bytes as the capacity prove that the pipe is full.
        full = queuedBytes >= capacityBytes || accessMode != Flags.O_RDONLY && (events & Flags.POLLOUT) == 0
                || accessMode == Flags.O_RDONLY && full && queuedBytes > 0;
        readerless = accessMode == Flags.O_WRONLY && (events & Flags.POLLERR) != 0;
        writerless = accessMode == Flags.O_RDONLY && (events & Flags.POLLHUP) != 0;
        return flags;
    }

    /** Says that a thread keeps the pipe locked, which has bytes then. */
    void setLocked() {
        locked = true;
    }

    /** Returns -1 if unknown; of a locked pipe, more than 0. */
    int queuedBytes() {
        return locked ? 1 : queuedBytes;
    }

    boolean isFull() {
        return full;
    }

    boolean hasPath() {
        return path != null;
    }

    void setPath(String path) {
        this.path = path;
    }

    void add(LivePipe.Holder holder) {
        holders.add(holder);
    }

    void add(LivePipe.Opener opener) {
        openers.add(opener);
    }

    /** Returns whether a process, by its pid, holds the pipe or waits to open it. */
    boolean isOfAny(IntPredicate pids) {
        for (LivePipe.Holder holder : holders) {
            if (pids.test((int) holder.pid())) {
                return true;
            }
        }
        return openers.stream().anyMatch(opener -> pids.test((int) opener.process().pid()));
    }

    /** Returns whether the pipe is full, or a writer waits for room. */
    boolean mayBeStuck() {
        return full || holders.stream().anyMatch(holder -> holder.activity().kind() == LiveActivity.Kind.WAITS_FOR_ROOM);
    }

    /**
     * Replaces what holders do; returns whether anything was replaced.
     *
     * @param now returns null for a holder that does what it did
     */
    boolean replaceActivities(Function<LivePipe.Holder, @Nullable LiveActivity> now) {
        boolean changed = false;
        for (int i = 0; i < holders.size(); i++) {
            LivePipe.Holder holder = holders.get(i);
            LiveActivity activity = now.apply(holder);
            if (activity != null) {
                changed = true;
                holders.set(i, new LivePipe.Holder(holder.process(), holder.thread(), holder.fd(), holder.flags(), activity));
            }
        }
        return changed;
    }

    /** Says of each fd of a process that waits at another fd of this end that it waits here: fd 2 often is a duplicate of fd 1. */
    void mergeDuplicates() {
        for (LivePipe.Holder waiting : List.copyOf(holders)) {
            if (waiting.activity().isWaitingHere()) {
                replaceActivities(holder -> isDuplicate(holder, waiting) ? waiting.activity() : null);
            }
        }
    }

    private static boolean isDuplicate(LivePipe.Holder holder, LivePipe.Holder waiting) {
        boolean forRoom = waiting.activity().kind() == LiveActivity.Kind.WAITS_FOR_ROOM;
        return holder.pid() == waiting.pid() && holder.thread() == waiting.thread()
                && holder.activity().kind() == LiveActivity.Kind.WAITS_ELSEWHERE
                && holder.activity().thread() == waiting.activity().thread()
                && (forRoom ? holder.isWriter() : holder.isReader());
    }

    private static OptionalInt known(int bytes) {
        return bytes == UNKNOWN ? OptionalInt.empty() : OptionalInt.of(bytes);
    }

    LivePipe asLive() {
        return new LivePipe(
                id.dev(), id.ino(), path, known(capacityBytes), known(queuedBytes), full, readerless, writerless, locked, holders, openers);
    }
}
