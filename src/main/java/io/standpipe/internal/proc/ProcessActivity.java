// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.LiveActivity;
import io.standpipe.LiveActivity.Kind;
import io.standpipe.internal.sys.BlockingCall;
import io.standpipe.internal.sys.Flags;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the threads of a process do, as one look at each shows it. */
public final class ProcessActivity {

    /**
     * A thread that has not ended.
     *
     * @param halted how it is stopped, or null
     * @param blocked the call in which it may wait for a pipe, or null
     */
    private record Looked(ThreadCall call, char state, @Nullable Kind halted, @Nullable BlockedCall blocked) {}

    /**
     * An end of a pipe.
     *
     * @param queuedBytes -1 if unknown
     * @param full whether poll reports no room
     */
    public record End(int fd, int flags, int queuedBytes, boolean full) {

        private boolean isNonBlocking() {
            return (flags & Flags.O_NONBLOCK) != 0;
        }
    }

    private final int pid;
    private final List<Looked> threads = new ArrayList<>(1);
    /** What it waits for elsewhere is the same for most of its fds. */
    private @Nullable LiveActivity elsewhere;

    private ProcessActivity(int pid) {
        this.pid = pid;
    }

    /** Looks at all threads of a process; one that ends meanwhile has none. */
    public static ProcessActivity of(ProcessStatus process) throws IOException {
        ProcessActivity activity = new ProcessActivity(process.pid());
        if (process.threads() == 1 && !process.isLeaderGone()) {
            activity.look(process.pid(), process);
        } else {
            for (int thread : ProcDirectory.threads(process.pid())) {
                activity.look(thread, null);
            }
        }
        return activity;
    }

    private void look(int thread, @Nullable ProcessStatus known) throws IOException {
        try {
            ThreadCall call = ThreadCall.of(pid, thread);
            ProcessStatus status = known != null ? known : ProcessStatus.of(thread);
            if (status.isLeaderGone()) {
                return;
            }
            Kind halted = call.isRunning() ? null : halted(status, pid, thread);
            threads.add(new Looked(call, status.state(), halted, halted == null ? BlockedCall.of(call) : null));
        } catch (NoSuchFileException e) {
            return; // It has ended since the listing.
        }
    }

    /** What a cgroup of version 2 froze sleeps in a function of the kernel in which nothing else does. */
    private static @Nullable Kind halted(ProcessStatus status, int pid, int thread) throws IOException {
        if (status.state() == 'T') {
            return Kind.STOPPED;
        }
        if (status.state() == 't') {
            return Kind.TRACED;
        }
        return ProcessStatus.isFrozenFunction(ThreadCall.line(pid, thread, "wchan")) || CgroupDirectory.isFrozenByV1(status)
                ? Kind.FROZEN : null;
    }

    /** Returns what the process does, as seen from an end of a pipe that it holds. */
    public LiveActivity at(End end) {
        for (Looked thread : threads) {
            Kind here = thread.blocked() == null ? null : waitsHere(thread.blocked(), end);
            if (here != null) {
                return in(thread, here, null);
            }
        }
        if (!threads.isEmpty() && threads.stream().allMatch(thread -> thread.halted() != null)) {
            Looked first = threads.get(0);
            return new LiveActivity(nonNull(first.halted()), first.call().thread(), null, OptionalInt.empty(), null);
        }
        for (Looked thread : threads) {
            if (isAtWork(thread, end)) {
                return new LiveActivity(Kind.RUNS, thread.call().thread(), null, OptionalInt.empty(), null);
            }
        }
        for (Looked thread : threads) {
            if (thread.halted() == null && !thread.call().isUnknown()) {
                return elsewhere(thread, end);
            }
        }
        return unknown(pid);
    }

    /** Returns what a process does that this one may not trace, or does not look at. */
    public static LiveActivity unknown(int pid) {
        return new LiveActivity(Kind.UNKNOWN, pid, null, OptionalInt.empty(), null);
    }

    private static Kind nonNull(@Nullable Kind kind) {
        return kind == null ? Kind.UNKNOWN : kind;
    }

    private LiveActivity in(Looked thread, Kind kind, @Nullable String where) {
        BlockedCall call = thread.blocked();
        return new LiveActivity(
                kind, thread.call().thread(), AwaitedCall.name(thread.call(), call), epoll(call), where);
    }

    private static OptionalInt epoll(@Nullable BlockedCall call) {
        return call == null || call.epoll() < 0 ? OptionalInt.empty() : OptionalInt.of(call.epoll());
    }

    private LiveActivity elsewhere(Looked thread, End end) {
        BlockedCall call = thread.blocked();
        if (call != null && isEdge(call, end)) {
            return in(thread, Kind.WAITS_ELSEWHERE, AwaitedCall.name(thread.call(), call)
                    + ", which reports this pipe only when something changes (edge-triggered)");
        }
        if (elsewhere == null) {
            elsewhere = in(thread, Kind.WAITS_ELSEWHERE, AwaitedCall.describe(thread.call(), call));
        }
        return elsewhere;
    }

    private static boolean isEdge(BlockedCall call, End end) {
        return call.edges().get(end.fd());
    }

    /** Returns null if the call does not wait at an end. */
    private static @Nullable Kind waitsHere(BlockedCall call, End end) {
        if (end.isNonBlocking() && !call.waitsAtNonBlocking()) {
            return null;
        }
        if (waitsForBytes(call, end) && end.queuedBytes() <= 0) {
            return Kind.WAITS_FOR_BYTES;
        }
        return waitsForRoom(call, end) && mayWaitForRoom(call, end) ? Kind.WAITS_FOR_ROOM : null;
    }

    private static boolean waitsForBytes(BlockedCall call, End end) {
        return (end.flags() & Flags.O_ACCMODE) != Flags.O_WRONLY && call.inputs().get(end.fd());
    }

    private static boolean waitsForRoom(BlockedCall call, End end) {
        return (end.flags() & Flags.O_ACCMODE) != Flags.O_RDONLY && call.outputs().get(end.fd());
    }

    /** A call that moves bytes waits for its output only while its input has some; poll and the like wait only while there is no room. */
    private static boolean mayWaitForRoom(BlockedCall call, End end) {
        return call.call().fds() == BlockingCall.Fds.ARGUMENTS ? end.queuedBytes() != 0 : end.full() || end.queuedBytes() < 0;
    }

    /** One that waits at an end for what is there already is about to run, unless epoll has told it before. */
    private static boolean isAtWork(Looked thread, End end) {
        BlockedCall call = thread.blocked();
        boolean woken = call != null && !isEdge(call, end) && !call.movesBytes()
                && !(end.isNonBlocking() && !call.waitsAtNonBlocking())
                && (waitsForBytes(call, end) || waitsForRoom(call, end));
        return thread.call().isRunning() || thread.call().isUnknown() && thread.state() == 'R' || woken;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "process %d: %s", pid, threads);
    }
}
